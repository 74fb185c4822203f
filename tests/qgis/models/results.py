"""What a model left in a file."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsVectorLayer

from ...layer_factory import rows


def stored(file: Path) -> list[dict]:
    """Return the rows of a file, without the number that a GeoPackage adds to them."""
    layer = QgsVectorLayer(str(file), file.stem, "ogr")
    assert layer.isValid(), file
    return [{name: value for name, value in row.items() if name != "fid"} for row in rows(layer)]
