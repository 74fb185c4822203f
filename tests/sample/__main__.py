"""``/usr/bin/python3 -m sample [OUT.gpkg]``: write the sample region, its rasters beside it."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import plan
from .gpkg import write
from .layers import LAYERS
from .rasters import RASTERS, Centre
from .relief import write_raster
from .town import Town


def generate(path: Path, town: Town) -> None:
    """Write all layers of ``town`` to ``path`` and the rasters of its centre into the same folder."""
    write(path, [(layer, rows(town)) for layer, rows in LAYERS], plan.ORIGIN, plan.EPSG)
    centre = Centre(town)
    for name, description, values_of in RASTERS:
        write_raster(path.with_name(f"{name}.tif"), *values_of(centre), description)


def main() -> None:
    """Read the command line and generate."""
    parser = argparse.ArgumentParser(description="Write the sample region Musterstadt to a GeoPackage.")
    default = Path(__file__).resolve().parents[2] / "resources" / "sample" / "musterstadt.gpkg"
    parser.add_argument(
        "out", nargs="?", type=Path, default=default, help="file to write, replaced where it exists"
    )
    generate(parser.parse_args().out, Town())


if __name__ == "__main__":
    main()
