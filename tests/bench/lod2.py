"""LoD2 tiles of 1 000 buildings each beside merely reading their XML; memory for one tile and for ten."""

from __future__ import annotations

import math
import shutil
import sys
from pathlib import Path

from session import measure, median_seconds, seconds

COUNT = 1_000


def report(folder: Path) -> list[tuple[str, float, str, float]]:
    """Return rows of (what, ratio or figure, bound as text, bound)."""
    one, ten = folder / "one", folder / "ten"
    for place, tiles in ((one, 1), (ten, 10)):
        place.mkdir()
        for number in range(tiles):
            write_tile(place / f"{number}.gml", number)
    again = folder / "again"
    again.mkdir()
    for year in (2019, 2024):
        shutil.copy(one / "0.gml", again / f"0_{year}.gml")
    parsed, read, small, large, twice = [], [], [], [], []
    for _ in range(3):
        parsed.append(measure("lod2", "tokens", one / "0.gml"))
        read.append(measure("lod2", "buildings", one / "0.gml"))
        small.append(measure("lod2", "algorithm", one, folder))
        large.append(measure("lod2", "algorithm", ten, folder))
        twice.append(measure("lod2", "algorithm", again, folder))
    parse, per_thousand = median_seconds(parsed), median_seconds(large) / 10
    peaks = [max(row["peak_mb"] for row in rows) for rows in (small, large)]
    return [
        ("seconds per 1 000 buildings", per_thousand, "<=", 3.0),
        ("reading buildings / merely parsing the XML", median_seconds(read) / parse, "<=", 3.0),
        ("whole algorithm / merely parsing the XML", per_thousand / parse, "<=", 12.0),
        ("ten tiles / one tile, time", median_seconds(large) / median_seconds(small), "<=", 12.0),
        ("a tile in two deliveries / once, time", median_seconds(twice) / median_seconds(small), "<=", 4.0),
        ("ten tiles / one tile, peak memory", peaks[1] / peaks[0], "<=", 1.1),
    ]


def write_tile(path: Path, number: int) -> None:
    """Write houses as official tiles have them: solid of references, terrain line, walls, ground, gable."""
    sys.path[:0] = [str(Path(__file__).resolve().parents[2])]
    from tests.citygml_factory import (
        building,
        gabled_roof,
        generic,
        ground,
        polygon,
        pos_list,
        properties,
        rectangle,
        surface,
        tile,
    )

    rise = 4 * math.tan(math.radians(35))
    terrain = [(0.3 * k, 0.1 * k, 40.0) for k in range(40)]
    houses = []
    for k in range(COUNT):
        x, y = 1000.0 * number + 30 * (k % 33), 30.0 * (k // 33)
        low, high = rectangle(x, y, 10, 8, 40.0), rectangle(x, y, 10, 8, 46.0)
        walls = [
            surface("WallSurface", polygon([low[i], low[i - 3], high[i - 3], high[i], (x, y, 46 + rise)]))
            for i in range(4)
        ]
        references = "".join(f'<gml:surfaceMember xlink:href="#f{number}_{k}_{i}"/>' for i in range(7))
        shell = f"<gml:CompositeSurface>{references}</gml:CompositeSurface>"
        houses.append(
            building(
                f"h{number}_{k}",
                "<core:creationDate>2020-12-18</core:creationDate>",
                generic(Gemeindeschluessel="05370024", DatenquelleDachhoehe="1000"),
                properties(function="31001_1010", roofType=3100, measuredHeight=8.8),
                f"<bldg:lod2Solid><gml:Solid>{shell}</gml:Solid></bldg:lod2Solid>",
                f"<bldg:lod2TerrainIntersection>{pos_list(terrain)}</bldg:lod2TerrainIntersection>",
                *walls,
                ground(x, y, 10, 8),
                gabled_roof(x, y, 10, 8, 35, f"f{number}_{k}"),
            )
        )
    tile(path, *houses)


def tokens(path: str) -> dict[str, float]:
    """Time a loop over all tokens of the file that does nothing with them."""
    from qgis.PyQt.QtCore import QFile, QIODevice, QXmlStreamReader

    def work() -> None:
        file = QFile(path)
        file.open(QIODevice.OpenModeFlag.ReadOnly)
        xml = QXmlStreamReader(file)
        while not xml.atEnd():
            xml.readNext()

    return {"seconds": seconds(work)}


def buildings(path: str) -> dict[str, float]:
    """Time reading all buildings with their roof faces, without writing anything."""
    from gruene_infra.gruene_infra_plugin.spatial.buildings.citygml import Tile
    from qgis.core import QgsProcessingFeedback

    def work() -> None:
        for _ in Tile(Path(path), QgsProcessingFeedback()).buildings():
            pass

    return {"seconds": seconds(work)}


def algorithm(tiles: str, folder: str) -> dict[str, float]:
    import processing

    values = {"FOLDER": tiles, "BUILDINGS": f"{folder}/b.gpkg", "ROOF_FACES": f"{folder}/r.gpkg"}
    return {"seconds": seconds(lambda: processing.run("gruene_infra:import_lod2", values))}
