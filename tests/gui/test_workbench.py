"""The workbench: the register and the selection in the background, what goes wrong as a message."""

from __future__ import annotations

from gruene_infra.gruene_infra_plugin.register.keys import parcel_key
from gruene_infra.gruene_infra_plugin.register.model import Role, Status
from gruene_infra.gruene_infra_plugin.register.store import Register

from .conftest import KEYS

ALKIS = tuple(parcel_key(key).key for key in KEYS)


def test_the_selection_is_read_with_what_the_register_says(workbench, settled, place, parcels):
    workbench.open_register(place)
    workbench.set_parcels(parcels)
    parcels.selectByIds([1, 2, 3])
    settled()
    assert workbench.selection.keys == ALKIS[:3]
    assert workbench.selection.area_m2 == 30_000.0
    assert workbench.selection.municipalities == ("Musterstadt",)
    assert workbench.selection.assignments == ()


def test_a_write_is_seen_by_the_selection_and_by_others(workbench, settled, place, parcels, qtbot):
    workbench.open_register(place)
    workbench.set_parcels(parcels)
    parcels.selectByIds([1, 2])
    settled()
    records = workbench.selection.parcels.records
    with qtbot.waitSignal(workbench.register_changed):
        workbench.write(lambda register, choices: register.assign(records, [2], Role.MEASURE, None))
    settled()
    assert workbench.selection.carrying[2] == 2
    found = Register.open(place).assignments()
    assert [(record.parcel, record.hz, record.status) for record in found] == [
        (ALKIS[0], 2, Status.IDEA),
        (ALKIS[1], 2, Status.IDEA),
    ]
