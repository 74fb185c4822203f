"""What goes wrong outside: nothing is half written, and people are told in words what it is."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest
from gruene_infra.gruene_infra_plugin.register import errors, network_drives
from gruene_infra.gruene_infra_plugin.register.model import Role, Status
from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace
from gruene_infra.gruene_infra_plugin.register.store import Register
from qgis.core import QgsDataSourceUri, QgsProviderRegistry, QgsVectorLayer
from qgis.utils import spatialite_connect

from ...full_disk import no_more_room
from ...ordinary_user import ordinary_user
from .registers import Site, key, parcel, parcels

TABLES = ("flurstueck", "zuordnung", "verlauf")
NOTHING = dict.fromkeys(TABLES, 0)
only_gpkg = pytest.mark.parametrize("site", ["gpkg"], indirect=True)
only_postgis = pytest.mark.parametrize("site", ["postgis"], indirect=True)


def counts(site: Site) -> dict[str, int]:
    return {table: site.count(table) for table in TABLES}


def write_many(register: Register) -> None:
    register.assign([parcel(number) for number in range(1, 5001)], [2], Role.STOCK)


def assert_clear(error: pytest.ExceptionInfo, *words: str) -> None:
    """Assert that the message is one for people: short, with these words, without innards."""
    message = str(error.value)
    assert all(word in message for word in words), message
    assert len(message) < 400
    assert not any(
        innard in message for innard in ("Traceback", "sqlite3", "psycopg2", "SQLSTATE", "password")
    )


@contextmanager
def held(site: Site) -> Iterator[None]:
    """Hold the register as somebody does who is in the middle of writing."""
    if site.server is None:
        connection = spatialite_connect(str(site.place), isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
    else:
        connection = psycopg2.connect(site.server.dsn())
        connection.cursor().execute(f'LOCK TABLE "{site.place.schema}".zuordnung IN EXCLUSIVE MODE')
    try:
        yield
    finally:
        connection.rollback()
        connection.close()


def test_a_register_that_somebody_is_writing_says_so(register, site):
    options = {"busy_seconds": 0.05} if site.server is None else {"lock_seconds": 0.05}
    impatient = site._keep(Register(site.database(**options), register.crs, site.clock))
    with held(site):
        with pytest.raises(errors.RegisterBusyError) as caught:
            impatient.assign(parcels(1), [2], Role.STOCK)
        assert impatient.assignments() == []
    assert_clear(caught, impatient.database.where, "somebody else")
    assert counts(site) == NOTHING
    impatient.assign(parcels(1), [2], Role.STOCK)
    assert counts(site) == {"flurstueck": 1, "zuordnung": 1, "verlauf": 2}


@only_gpkg
@pytest.mark.parametrize("spot", [b"CREATE TRIGGER", b"CREATE TABLE", b"flurstueck"])
def test_a_damaged_file_is_said(register, site, spot):
    """What SQLite says of a damaged schema holds its bytes, which need be no text."""
    register.close()
    path = Path(site.place)
    path.write_bytes(path.read_bytes().replace(spot, spot[:2] + b"\x8b" + spot[3:]))
    with pytest.raises(errors.RegisterError) as caught:
        Register.open(path).assign(parcels(1), [2], Role.STOCK)
    assert_clear(caught, str(path))


@only_gpkg
@pytest.mark.parametrize("room", [0, 4_096, 100_000, 1_000_000])
def test_a_full_disk_leaves_nothing(register, site, room):
    with (
        no_more_room(Path(site.place).stat().st_size + room),
        pytest.raises(errors.RegisterFullError) as caught,
    ):
        write_many(register)
    assert_clear(caught, str(site.place), "disk is full")
    assert counts(site) == NOTHING
    site.assert_sound()
    write_many(register)
    assert counts(site)["zuordnung"] == 5000


@only_gpkg
def test_a_full_disk_leaves_no_new_file(site):
    for room in (0, 4_096, 150_000):
        with no_more_room(room), pytest.raises(errors.RegisterError):
            site.create()
        assert list(Path(site.place).parent.iterdir()) == []


@only_postgis
@pytest.mark.parametrize("code", ["53100", "58030"])
def test_a_server_whose_disk_is_full_leaves_nothing(register, site, code):
    """The server's answer is played: after 2 500 rows it says what a full disk makes it say."""
    site.execute(
        "CREATE FUNCTION voll() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id > 2500 THEN"
        f" RAISE EXCEPTION 'could not extend file' USING ERRCODE = '{code}'; END IF; RETURN NEW; END $$"
    )
    site.execute("CREATE TRIGGER voll BEFORE INSERT ON zuordnung FOR EACH ROW EXECUTE FUNCTION voll()")
    with pytest.raises(errors.RegisterFullError) as caught:
        write_many(register)
    assert_clear(caught, "disk is full", site.place.schema)
    assert counts(site) == NOTHING
    site.assert_sound()


@only_postgis
@pytest.mark.parametrize("after", ["flurstueck", "zuordnung"])
def test_a_dropped_connection_leaves_nothing_and_the_next_write_connects_anew(
    register, site, after, monkeypatch
):
    session = type(next_session(register))
    insert = session.insert

    def dropping(self, table, *arguments, **options):
        insert(self, table, *arguments, **options)
        if table.name == after:
            site.server.execute("SELECT pg_terminate_backend(%s)", self.rows("SELECT pg_backend_pid()")[0][0])

    monkeypatch.setattr(session, "insert", dropping)
    with pytest.raises(errors.RegisterLostError) as caught:
        write_many(register)
    assert_clear(caught, site.place.schema, "connection")
    monkeypatch.undo()
    assert counts(site) == NOTHING
    register.assign(parcels(1), [2], Role.STOCK)
    assert counts(site)["zuordnung"] == 1
    site.assert_sound()


def next_session(register: Register):
    with register.database.reading() as session:
        return session


@only_postgis
def test_a_server_that_is_not_there_says_so(site):
    with pytest.raises(errors.RegisterLostError) as caught:
        Register.open(PostgresPlace(dsn="host=127.0.0.1 port=1 user=x password=geheim dbname=y", schema="s"))
    assert_clear(caught, "connection")
    assert "geheim" not in str(caught.value) + repr(caught.value)


@only_postgis
def test_a_role_without_rights_is_told_so_and_sees_nothing(register, site):
    register.assign(parcels(1), [2], Role.STOCK)
    site.let_write("Zaungast", "zuordnung")
    guest = site.open("Zaungast")
    for attempt in (
        guest.assignments,
        guest.totals_by_goal,
        lambda: guest.assign(parcels(2), [2], Role.STOCK),
    ):
        with pytest.raises(errors.RegisterDeniedError) as caught:
            attempt()
        assert_clear(caught, "zuordnung", "right")
    assert len(guest.parcels()) == 1
    assert counts(site) == {"flurstueck": 1, "zuordnung": 1, "verlauf": 2}


@only_postgis
def test_a_role_that_may_only_read_reads(register, site):
    register.assign(parcels(1), [2], Role.STOCK)
    site.let_write("Leserin")
    site.execute(f'REVOKE INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "{site.place.schema}" FROM leserin')
    reader = site.open("Leserin")
    assert reader.assignments() == register.assignments()
    with pytest.raises(errors.RegisterDeniedError):
        reader.assign(parcels(2), [2], Role.STOCK)


@only_postgis
def test_a_role_without_the_schema_is_told_so(register, site):
    with pytest.raises(errors.RegisterDeniedError) as caught:
        site.open("Fremde")
    assert_clear(caught, site.place.schema, "may not use the schema")


@only_postgis
def test_nobody_writes_under_another_name(register, site):
    site.let_write("Bert")
    site.open("Bert").assign(parcels(1), [2], Role.STOCK)
    assert {who for (who,) in site.execute("SELECT wer FROM verlauf")} == {"bert"}
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        site.server.execute(f'DELETE FROM "{site.place.schema}".verlauf', user="bert")


@only_postgis
def test_a_read_only_database_says_so(register, site):
    site.let_write("Bert")
    bert = site.open("Bert")
    with bert.database.reading():
        pass
    bert.database._connection.set_session(readonly=True)
    with pytest.raises(errors.RegisterReadOnlyError) as caught:
        bert.assign(parcels(1), [2], Role.STOCK)
    assert_clear(caught, "only be read")


@only_gpkg
@pytest.mark.parametrize("part", ["file", "folder"])
def test_a_read_only_place_is_read_and_says_why_it_is_not_written(register, site, part):
    register.assign(parcels(1), [2], Role.STOCK)
    register.close()
    file = Path(site.place)
    file.chmod(0o444 if part == "file" else 0o666)
    file.parent.chmod(0o777 if part == "file" else 0o555)
    with ordinary_user(file.parent):
        reader = site.open()
        assert [record.parcel for record in reader.assignments()] == [key(1)]
        with pytest.raises(errors.RegisterReadOnlyError) as caught:
            reader.assign(parcels(2), [2], Role.STOCK)
        reader.close()
    file.parent.chmod(0o755)
    assert_clear(caught, str(file), "only be read")
    assert counts(site)["zuordnung"] == 1


@only_gpkg
def test_a_folder_that_cannot_be_written_gets_no_register(site):
    folder = Path(site.place).parent
    folder.chmod(0o555)
    with ordinary_user(folder), pytest.raises(errors.RegisterError):
        site.create()
    folder.chmod(0o755)
    assert list(folder.iterdir()) == []


@only_gpkg
@pytest.mark.parametrize("content", [b"", b"kein GeoPackage" * 100, None])
def test_a_file_that_is_no_register_says_so_and_stays_as_it_is(site, content):
    file = Path(site.place)
    if content is None:
        file.parent.joinpath("fehlt").mkdir()
        file = file.parent / "fehlt" / "register.gpkg"
    else:
        file.write_bytes(content)
    with pytest.raises(errors.RegisterMissingError) as caught:
        Register.open(file)
    assert_clear(caught, str(file))
    assert content is None or file.read_bytes() == content
    assert file.exists() is (content is not None)


@only_gpkg
def test_a_geopackage_without_register_says_so(site):
    connection = sqlite3.connect(site.place)
    connection.execute("CREATE TABLE x (a)")
    connection.close()
    with pytest.raises(errors.RegisterMissingError, match="no register"):
        site.open()
    with pytest.raises(errors.RegisterError, match="already"):
        site.create()


@only_gpkg
def test_a_folder_that_does_not_exist_says_so(site):
    with pytest.raises(errors.RegisterMissingError, match="folder"):
        Register.create(Path(site.place).parent / "fehlt" / "register.gpkg")


@pytest.mark.parametrize("path", [r"\\server\amt\register.gpkg", "//server/amt/register.gpkg"])
def test_a_share_is_refused_with_advice(path):
    for attempt in (Register.open, Register.create):
        with pytest.raises(errors.RegisterNetworkError, match="PostGIS"):
            attempt(Path(path))


@pytest.mark.parametrize("name", ["nfs4", "cifs", "smb3", "fuse.sshfs"])
def test_a_mounted_share_is_refused_too(name, tmp_path, monkeypatch):
    monkeypatch.setattr(network_drives, "file_system", lambda folder: name)
    with pytest.raises(errors.RegisterNetworkError):
        Register.create(tmp_path / "register.gpkg")
    assert list(tmp_path.iterdir()) == []


def test_a_local_disk_is_no_network(tmp_path):
    assert not network_drives.is_on_network(tmp_path / "neu" / "register.gpkg")
    assert network_drives.file_system(tmp_path) not in network_drives.NETWORK_FILE_SYSTEMS | {""}


MOUNTS = b"""\
22 1 254:0 / / rw,relatime shared:1 - overlay overlay rw,lowerdir=/a:/b
23 22 254:0 /platte/anna /daten rw,relatime master:2 propagate_from:1 - ext4 /dev/vda rw
24 22 0:31 / /srv/amt\\040nord rw - autofs systemd-1 rw
25 24 0:40 / /srv/amt\\040nord rw,relatime shared:9 - cifs //server/amt rw
26 23 0:41 /x /daten/fern rw - fuse.sshfs anna@fern: rw
27 22 0:42 / /srv/amt rw - tmpfs tmpfs rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/etc", "overlay"),
        ("/daten", "ext4"),
        ("/daten/register", "ext4"),
        ("/datenbank", "overlay"),
        ("/daten/fern/x", "fuse.sshfs"),
        ("/srv/amt nord/x", "cifs"),
        ("/srv/amt/x", "tmpfs"),
    ],
)
def test_bind_mounts_overlays_and_shares_are_told_by_the_innermost_mount(folder, kind):
    assert network_drives.mounted_type(MOUNTS, Path(folder)) == kind


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
def test_a_folder_that_no_mount_holds_is_told_by_its_number(tmp_path, monkeypatch):
    for mounts in (b"", b"30 1 0:5 / /proc rw - proc proc rw\n"):
        (tmp_path / "mountinfo").write_bytes(mounts)
        monkeypatch.setattr(network_drives, "MOUNTS", tmp_path / "mountinfo")
        assert network_drives.file_system(Path("/proc")) in {"proc", "0x9fa0"}
        assert network_drives.file_system(tmp_path)
        assert not network_drives.is_on_network(tmp_path / "register.gpkg")


def test_a_register_behind_a_link_to_a_share_is_refused(tmp_path, monkeypatch):
    (tmp_path / "fern").mkdir()
    (tmp_path / "nah").symlink_to(tmp_path / "fern")
    (tmp_path / "mountinfo").write_text(
        f"22 1 254:0 / / rw - ext4 /dev/vda rw\n23 22 0:4 / {tmp_path / 'fern'} rw - nfs4 server:/x rw\n"
    )
    monkeypatch.setattr(network_drives, "MOUNTS", tmp_path / "mountinfo")
    with pytest.raises(errors.RegisterNetworkError):
        Register.create(tmp_path / "nah" / "register.gpkg")
    assert not network_drives.is_on_network(tmp_path / "register.gpkg")


@only_gpkg
def test_a_register_that_qgis_left_in_wal_goes_back(register, site):
    register.close()
    assert site.execute("PRAGMA journal_mode = WAL") == [("wal",)]
    site.open().assign(parcels(1), [2], Role.STOCK)
    site.close()
    assert site.execute("PRAGMA journal_mode") == [("delete",)]


@only_gpkg
def test_a_register_that_is_open_for_editing_in_qgis_is_written(register, site):
    register.assign(parcels(1), [2], Role.STOCK)
    register.close()
    edited = QgsVectorLayer(f"{site.place}|layername=zuordnung", "zuordnung", "ogr")
    assert edited.startEditing()
    assert len(list(edited.getFeatures())) == 1
    reopened = site.open()
    reopened.assign(parcels(2), [2], Role.STOCK, Status.DONE)
    edited.changeAttributeValue(1, edited.fields().indexOf("notiz"), "von Hand")
    assert edited.commitChanges(), edited.commitErrors()
    assert [(r.parcel, r.note) for r in reopened.assignments()] == [(key(1), "von Hand"), (key(2), None)]


@only_postgis
def test_a_connection_stored_in_qgis_leads_to_its_register(register, site):
    metadata = QgsProviderRegistry.instance().providerMetadata("postgres")
    uri = QgsDataSourceUri()
    uri.setConnection("127.0.0.1", str(site.server.port), "gruene", site.server_user, "")
    name = "Grünes Büro"
    metadata.saveConnection(metadata.createConnection(uri.uri(), {"saveUsername": True}), name)
    try:
        stored = Register.open(PostgresPlace(name, schema=site.place.schema))
        stored.assign(parcels(1), [2], Role.STOCK)
        assert stored.database.where == f"{name}/{site.place.schema}"
        stored.close()
    finally:
        metadata.deleteConnection(name)
    assert len(register.assignments()) == 1
    with pytest.raises(errors.RegisterMissingError, match=name):
        Register.open(PostgresPlace(name, schema=site.place.schema))
