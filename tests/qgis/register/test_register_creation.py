"""Creating a register never takes the place of anything, however many do so at once."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin import new_file
from gruene_infra.gruene_infra_plugin.new_file import name_new
from gruene_infra.gruene_infra_plugin.register.errors import RegisterError
from gruene_infra.gruene_infra_plugin.register.model import Role
from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace
from gruene_infra.gruene_infra_plugin.register.store import Register, RegisterPlace

from .registers import Site, parcel

PAIRS = 40
REFUSED, FAILED = 3, 4


def at_once(count: int, act: Callable[[int], int]) -> list[int]:
    """Let processes act at the same moment; return what each returned."""
    gate, opened = os.pipe()
    children = []
    for number in range(count):
        child = os.fork()
        if child == 0:
            code = FAILED
            try:
                os.close(opened)
                os.read(gate, 1)
                code = act(number)
            finally:
                os._exit(code)
        children.append(child)
    os.close(gate)
    os.close(opened)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def create_and_write(place: RegisterPlace, number: int) -> int:
    """Create a register and assign the parcel of this number to goal 2; 0 acknowledges both."""
    try:
        register = Register.create(place, who=f"Person {number}")
    except RegisterError as error:
        return REFUSED if "nothing was overwritten" in str(error) else FAILED
    register.assign([parcel(number + 1)], [2], Role.STOCK)
    register.close()
    return 0


def test_what_one_of_two_has_written_is_never_lost(site, tmp_path):
    for pair in range(PAIRS):
        if isinstance(site.place, PostgresPlace):
            place: RegisterPlace = PostgresPlace(dsn=site.place.dsn, schema=f"Paar {pair}")
        else:
            place = tmp_path / f"paar{pair}.gpkg"
        codes = at_once(2, lambda number, place=place: create_and_write(place, number))
        assert sorted(codes) == [0, REFUSED], pair
        both = Site(site.kind, place, site.server)
        assert both.count("zuordnung") == 1
        register = Register.open(place, who="Anna")
        (holding,) = register.holdings()
        register.close()
        assert holding.parcel.key.key == parcel(codes.index(0) + 1).key.key
        both.assert_sound()
        if site.server is not None:
            site.server.execute(f'DROP SCHEMA "Paar {pair}" CASCADE')
    if site.server is None:
        assert {path.name for path in tmp_path.iterdir()} == {f"paar{pair}.gpkg" for pair in range(PAIRS)}


@pytest.mark.parametrize("what", ["file", "folder", "link", "link to nowhere"])
def test_nothing_that_is_there_is_replaced(what, tmp_path):
    path, target = tmp_path / "register.gpkg", tmp_path / "ziel.gpkg"
    if what == "file":
        path.write_text("bleibt", encoding="utf-8")
    elif what == "folder":
        path.mkdir()
    else:
        path.symlink_to(target)
    if what == "link":
        target.write_text("bleibt", encoding="utf-8")
    before = path.lstat()
    with pytest.raises(RegisterError, match=r"There is something at .*register\.gpkg already"):
        Register.create(path, who="Anna")
    assert path.lstat() == before
    assert target.exists() == (what == "link")
    assert {p.name for p in tmp_path.iterdir()} == {"register.gpkg"} | (
        {"ziel.gpkg"} if what == "link" else set()
    )


@pytest.fixture(params=["links", "no links"])
def file_system(request, monkeypatch) -> str:
    """With hard links, and without as on a memory stick."""

    def refuse(*_arguments: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    if request.param == "no links":
        monkeypatch.setattr(new_file.os, "link", refuse)
    return str(request.param)


def test_a_new_file_gets_its_name_with_or_without_links(file_system, tmp_path):
    made, path = tmp_path / "teil", tmp_path / "ganz"
    made.write_text("neu", encoding="utf-8")
    name_new(made, path)
    assert [p.name for p in tmp_path.iterdir()] == ["ganz"]
    assert path.read_text(encoding="utf-8") == "neu"
    assert stat.S_ISREG(path.lstat().st_mode)
    assert path.stat().st_nlink == 1


@pytest.mark.parametrize("what", ["file", "link to nowhere"])
def test_a_name_that_is_taken_stays_taken_with_or_without_links(what, file_system, tmp_path):
    made, path = tmp_path / "teil", tmp_path / "ganz"
    made.write_text("neu", encoding="utf-8")
    if what == "file":
        path.write_text("alt", encoding="utf-8")
    else:
        path.symlink_to(tmp_path / "nirgends")
    before = path.lstat()
    with pytest.raises(FileExistsError):
        name_new(made, path)
    assert path.lstat() == before
    assert made.read_text(encoding="utf-8") == "neu"
    assert not (tmp_path / "nirgends").exists()


def test_of_many_one_gives_its_name_without_links(tmp_path, monkeypatch):
    monkeypatch.setattr(new_file.os, "link", lambda *_: (_ for _ in ()).throw(PermissionError(1, "no")))

    def act(number: int) -> int:
        made = tmp_path / f"teil{number}"
        made.write_text(str(number), encoding="utf-8")
        try:
            name_new(made, tmp_path / "ganz")
        except FileExistsError:
            return REFUSED
        return 0

    for _ in range(20):
        codes = at_once(4, act)
        assert sorted(codes) == [0, REFUSED, REFUSED, REFUSED]
        assert (tmp_path / "ganz").read_text(encoding="utf-8") == str(codes.index(0))
        Path(tmp_path / "ganz").unlink()
