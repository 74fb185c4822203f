"""HZ 15 on protected sites of Hamburg as INSPIRE delivers them; QGIS sizes them on the ellipsoid."""

from __future__ import annotations

import pytest
from qgis.core import QgsDistanceArea, QgsGeometry, QgsProject, QgsRectangle, QgsVectorLayer

from ..layer_factory import UTM, layer

TOWN = QgsRectangle(545_000, 5_920_000, 590_000, 5_960_000)
"""A frame round Hamburg without its islands in the North Sea, in EPSG:25832."""
PARTS = {"Duvenstedter Brook": 2}
"""Sites that come as several features: parts of one site, which do not overlap."""


class TestHamburg:
    @pytest.fixture(scope="class")
    def sites(self, data):
        source = QgsVectorLayer(str(data / "hamburg_inspire" / "ProtectedSite.gml"), "ProtectedSite", "ogr")
        assert source.isValid()
        return source

    @pytest.fixture(scope="class")
    def hectares(self, sites) -> dict[str, list[float]]:
        """Sizes on the ellipsoid of the sites inside the frame, by name."""
        measure = QgsDistanceArea()
        measure.setSourceCrs(sites.crs(), QgsProject.instance().transformContext())
        measure.setEllipsoid("GRS80")
        found: dict[str, list[float]] = {}
        for feature in sites.getFeatures():
            if feature.geometry().boundingBox().yMaximum() < 53.8:
                found.setdefault(feature["text"], []).append(measure.measureArea(feature.geometry()) / 10_000)
        return found

    @pytest.fixture(scope="class")
    def measured(self, run, sites):
        def start(**more):
            frame = QgsGeometry.fromRect(TOWN)
            west = QgsGeometry.fromRect(QgsRectangle(545_000, 5_920_000, 565_000, 5_960_000))
            given = {
                "NETWORK": layer([west], {"stufe": ["I"]}, crs=UTM, name="biotopverbund"),
                "PROTECTED": [sites],
                "AREAS": layer([frame], {"gemeinde": ["Hamburg"], "ags": ["02000000"]}, crs=UTM),
            }
            return run("hz15_protected_share", **(given | more))

        return start

    def test_nothing_in_the_delivery_tells_the_kind(self, measured):
        found = measured()
        rows = [row for row in found.rows("SUMMARY") if row["kennzahl_id"] == "hz15.schutz.anteil"]
        assert rows
        assert {row["status"] for row in rows} == {"nicht bewertbar"}
        assert {row["schutzart"] for row in found.rows() if not row["im_verbund"]} == {"unbekannt"}

    def test_the_legal_basis_names_bird_protection_areas_and_no_choice_is_complete_with_them(self, measured):
        found = measured(KIND_FIELD="CharacterString")
        assert found.finding("hz15.schutz.anteil", "Hamburg")["wert"] is None
        assert (
            "without polygons of NSG, FFH"
            in found.findings["hz15.schutz.anteil", "flaeche_land", "Hamburg"]["annahmen"]
        )

    def test_the_sites_are_as_large_as_on_the_ellipsoid(self, measured, hectares):
        found = measured(KIND_FIELD="CharacterString", KINDS_COVERED="NSG, FFH")
        everywhere = found.findings["hz15.schutz.anteil", "flaeche_land", "Hamburg"]
        assert {name: len(sizes) for name, sizes in hectares.items() if len(sizes) > 1} == PARTS
        whole = sum(sum(sizes) for sizes in hectares.values())
        assert everywhere["zaehler"] == pytest.approx(whole, rel=1e-3)
        assert everywhere["nenner"] == pytest.approx(180_000)
        assert "delivered twice" not in (everywhere["annahmen"] or "")

    def test_the_sites_west_of_the_border_of_the_network_are_in_it(self, measured, hectares):
        found = measured(KIND_FIELD="CharacterString", KINDS_COVERED="NSG, FFH")
        inside = found.findings["hz15.schutz.anteil", "gemeinde_land", "Hamburg"]
        west = sum(sum(hectares[name]) for name in ("Mühlenberger Loch", "Moorgürtel"))
        assert inside["zaehler"] == pytest.approx(west, rel=1e-3)
        pieces = {row["schutzart"]: row for row in found.rows() if row["im_verbund"]}
        assert pieces["VSG"]["stufe"] == "I"
        assert pieces[None]["beitrag_pp"] == pytest.approx(100 * (80_000 - inside["zaehler"]) / 180_000)
