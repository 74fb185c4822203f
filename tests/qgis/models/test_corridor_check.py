"""The corridor check on the sample, against its algorithms one by one, and by hand."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.paths import SAMPLE

from ...layer_factory import box, layer
from .results import stored


def test_one_gap_and_the_loss_by_hand(run):
    """Two parts 40 m apart; 100 m of the second one are no corridor any more: 100 · 200 m²."""
    now = layer([box(0, 0, 300, 200), box(340, 0, 300, 200)], {"gruenzug": ["G", "G"]})
    before = layer([box(0, 0, 300, 200), box(340, 0, 400, 200)], {"gruenzug": ["G", "G"]})
    done = run("corridor_check", CORRIDORS=now, CORRIDORS_BEFORE=before)
    assert len(done.rows("gaps")) == 1
    assert [row["flaeche_m2"] for row in done.rows("loss")] == pytest.approx([20_000])
    heads = {row["kennzahl_id"]: row["wert"] for row in done.rows("findings") if row["ist_leitwert"]}
    assert heads["hz13.unterbrechungen.anzahl"] == 1
    assert heads["hz13.unterbrechungen.laenge"] == pytest.approx(40)
    released = [
        row["wert"]
        for row in done.rows("findings")
        if (row["kennzahl_id"], row["variante_id"]) == ("hz13.verlust.flaeche", "entlassen")
    ]
    assert released == pytest.approx([20_000])


def test_on_the_sample_through_qgis_process(qgis_process, run, tmp_path):
    def table(name: str) -> str:
        return f"{SAMPLE}|layername={name}"

    areas = {"AREAS": table("gemeinden"), "AS_OF": "2026-06-30"}
    corridors = {"CORRIDORS": table("gruenzuege"), **areas}
    barriers = {"BARRIERS": [table("strassen"), table("bahn"), table("gewaesser")]}
    earlier = {
        "CORRIDORS_BEFORE": table("gruenzuege_2015"),
        "BUILDINGS": table("gebaeude"),
        "BUILDINGS_BEFORE": table("gebaeude_2015"),
        "REFERENCE_YEAR": 2016,
    }
    names = ("gaps", "bottlenecks", "loss", "findings")
    files, report = {name: tmp_path / f"{name}.gpkg" for name in names}, tmp_path / "report.html"
    qgis_process("corridor_check", **corridors, **barriers, **earlier, **files, report=report)

    gaps = run("hz13_corridor_gaps", **corridors, **barriers)
    loss = run("hz13_corridor_loss", **corridors, **earlier)
    monitor = run("target_monitor", SUMMARIES=[gaps.layer("SUMMARY"), loss.layer("SUMMARY")], **areas)
    alone = {
        "gaps": gaps.rows("GAPS"),
        "bottlenecks": gaps.rows("BOTTLENECKS"),
        "loss": loss.rows(),
        "findings": monitor.rows(),
    }
    for name, file in files.items():
        assert alone[name], name
        assert stored(file) == alone[name], name
    assert "<title>" in report.read_text(encoding="utf-8")
