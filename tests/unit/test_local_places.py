"""Places of one computer in texts that results tell."""

from __future__ import annotations

from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.local_places import without_places


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("/home/erika/Daten 2026/wald.gpkg|layername=wald", "wald.gpkg|layername=wald"),
        ("siehe /srv/amt/x.tif", "siehe x.tif"),
        (r"N:\Amt 61\wald.shp", "wald.shp"),
        ("C:/Users/erika/wald.shp", "wald.shp"),
        (r"\\server\amt\wald.shp", "wald.shp"),
        ("//nas/amt/wald.shp", "wald.shp"),
        ("file:///home/erika/wald.gpkg", "wald.gpkg"),
        ("(/home/erika/wald.gpkg)", "(wald.gpkg)"),
        ("'/home/erika/wald.gpkg'", "'wald.gpkg'"),
        (str(Path.home()), ""),
        (f"{Path.home()}/wald.gpkg", "wald.gpkg"),
        ("und/oder, 3/4, m²/ha, a / b", "und/oder, 3/4, m²/ha, a / b"),
        ("https://example.org/daten/wald", "https://example.org/daten/wald"),
        ("Stand 01/2026", "Stand 01/2026"),
        ("dbname=x password='gehe1m & gut'", "dbname=x password=…"),
        ("dbname='gis' user='erika' key='nr'", "dbname='gis' user=… key='nr'"),
        ("host=x user=erika port=1", "host=x user=… port=1"),
        ("postgresql://erika:geheim@host/gis", "postgresql://…@host/gis"),
        ("https://erika@host/wfs", "https://…@host/wfs"),
        ("a\x07b", "a b"),
    ],
)
def test_absolute_paths_leave_their_last_part(said, told):
    assert without_places(said) == told
