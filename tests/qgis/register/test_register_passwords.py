"""Connections without a stored password: QGIS is asked, remembers it for the session, nothing else does."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from gruene_infra.gruene_infra_plugin.register import errors
from gruene_infra.gruene_infra_plugin.register.layers import layer_sources
from gruene_infra.gruene_infra_plugin.register.model import Role
from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace
from gruene_infra.gruene_infra_plugin.register.store import Register, is_register
from qgis.core import (
    QgsApplication,
    QgsAuthMethodConfig,
    QgsCredentials,
    QgsProcessingException,
    QgsProviderRegistry,
    QgsVectorLayer,
)

from ...keeper import Answers, Keeper
from ...layer_factory import rows
from ...postgres import KNOWN_BY_PASSWORD, PASSWORD
from ..every.examples import KEYS, assign_parcels
from .registers import parcels

CONNECTION = "Büro ohne Kennwort"
SCHEMA = "Mit Kennwort"


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    yours = QgsCredentials.instance()
    one = yours if isinstance(yours, Keeper) else Keeper()
    one.answers = Answers()
    yield one
    one.answers = Answers()


@pytest.fixture
def stored(postgres, keeper) -> Iterator[str]:
    """A connection that QGIS stores without the password; what its realm is for QGIS."""
    metadata = QgsProviderRegistry.instance().providerMetadata("postgres")
    options = {"saveUsername": True, "savePassword": False}
    metadata.saveConnection(metadata.createConnection(postgres.uri().uri(False), options), CONNECTION)
    realm = str(PostgresPlace(CONNECTION).uri().connectionInfo(False))
    yield realm
    keeper.forget(realm)
    metadata.deleteConnection(CONNECTION)
    postgres.execute(f'DROP SCHEMA IF EXISTS "{SCHEMA}" CASCADE')


PLACE = PostgresPlace(CONNECTION, schema=SCHEMA)


def test_the_user_is_asked_once_and_qgis_remembers(stored, keeper):
    keeper.answers.given = [(KNOWN_BY_PASSWORD, PASSWORD)]
    Register.create(PLACE).close()
    register = Register.open(PLACE)
    register.assign(parcels(1), [2], Role.STOCK)
    register.close()
    ((realm, user, reason),) = keeper.answers.asked
    assert (realm, user) == (stored, KNOWN_BY_PASSWORD)
    assert "password" in reason
    assert is_register(PLACE)
    source = layer_sources(PLACE)["flurstueck"]
    assert PASSWORD not in source.uri
    assert len(rows(QgsVectorLayer(source.uri, "flurstueck", source.provider))) == 1
    assert len(keeper.answers.asked) == 1


def test_a_wrong_answer_is_asked_again_with_the_servers_reason(stored, keeper):
    keeper.answers.given = [(KNOWN_BY_PASSWORD, "falsch"), (KNOWN_BY_PASSWORD, PASSWORD)]
    Register.create(PLACE).close()
    assert [reason for *_, reason in keeper.answers.asked][1].count("authentication failed") == 1


def test_a_password_that_changed_since_is_asked_for_again(stored, keeper, postgres):
    keeper.answers.given = [
        (KNOWN_BY_PASSWORD, PASSWORD),
        (KNOWN_BY_PASSWORD, "neu"),
        (KNOWN_BY_PASSWORD, PASSWORD),
    ]
    Register.create(PLACE).close()
    postgres.execute(f"ALTER ROLE {KNOWN_BY_PASSWORD} PASSWORD 'neu'")
    try:
        Register.open(PLACE).close()
    finally:
        postgres.execute(f"ALTER ROLE {KNOWN_BY_PASSWORD} PASSWORD '{PASSWORD}'")
    Register.open(PLACE).close()
    assert len(keeper.answers.asked) == 3


def test_who_gives_none_is_told_what_to_do(stored, keeper):
    with pytest.raises(errors.RegisterDeniedError, match=r"wants a password.*\.pgpass") as caught:
        Register.open(PLACE)
    assert CONNECTION in str(caught.value)
    assert len(keeper.answers.asked) == 1


def test_nobody_is_asked_where_nobody_waits_for_the_answer(stored, keeper):
    keeper.answers.given = [(KNOWN_BY_PASSWORD, PASSWORD)]
    with pytest.raises(errors.RegisterDeniedError):
        Register.open(PostgresPlace(CONNECTION, schema=SCHEMA, asks=False))
    assert keeper.answers.asked == []


def test_a_server_that_is_not_there_asks_for_nothing(keeper):
    with pytest.raises(errors.RegisterLostError):
        Register.open(PostgresPlace(dsn="host=127.0.0.1 port=1 user=x dbname=y", schema="s"))
    assert keeper.answers.asked == []


def test_the_password_of_an_authentication_is_used_and_not_asked_for(stored, keeper, postgres):
    manager, keeper.answers.master = QgsApplication.authManager(), "Meister"
    assert manager.setMasterPassword("Meister", True)
    login = QgsAuthMethodConfig("Basic")
    login.setName("Büro")
    login.setConfigMap({"username": KNOWN_BY_PASSWORD, "password": PASSWORD})
    assert manager.storeAuthenticationConfig(login)[0]
    uri = postgres.uri()
    uri.setUsername("")
    uri.setAuthConfigId(login.id())
    try:
        place = PostgresPlace(dsn=uri.connectionInfo(False), schema=SCHEMA)
        Register.create(place).close()
        assert login.id() in layer_sources(place)["flurstueck"].uri
    finally:
        manager.removeAuthenticationConfig(login.id())
    assert keeper.answers.asked == []


def test_the_password_of_a_service_file_is_used_and_not_asked_for(
    stored, keeper, postgres, tmp_path, monkeypatch
):
    file = tmp_path / "dienste.conf"
    file.write_text(
        f"[buero]\nhost=127.0.0.1\nport={postgres.port}\ndbname=gruene\nuser={KNOWN_BY_PASSWORD}\npassword={PASSWORD}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PGSERVICEFILE", str(file))
    Register.create(PostgresPlace(dsn="service='buero'", schema=SCHEMA)).close()
    assert keeper.answers.asked == []


def test_algorithms_and_the_guard_of_outputs_ask_too(run, stored, keeper, postgres, tmp_path):
    keeper.answers.given = [(KNOWN_BY_PASSWORD, PASSWORD)]
    where = {"CONNECTION": CONNECTION, "SCHEMA": SCHEMA}
    run("create_register", **where)
    given = {k: v for k, v in assign_parcels(tmp_path).items() if k != "REGISTER"}
    assert run("assign_parcels", **(given | where)).results["COUNT"] == 2 * len(KEYS)
    uri = postgres.uri()
    uri.setDataSource(SCHEMA, "ergebnis", "geom", "", "")
    with pytest.raises(QgsProcessingException, match="the register"):
        run("export_register", OUTPUT=f"postgres://{uri.uri(False)}", **where)
    assert len(keeper.answers.asked) == 1


def test_another_thread_is_answered_by_the_window(stored, keeper):
    keeper.answers.given = [(KNOWN_BY_PASSWORD, PASSWORD)]
    made: list[bool] = []

    def work() -> None:
        Register.create(PLACE).close()
        made.append(is_register(PLACE))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
    assert made == [True]


def test_without_a_window_qgis_process_says_what_to_do(stored, postgres, tmp_path):
    """A process of its own, as qgis_process is one: there nobody answers."""
    root = Path(__file__).resolve().parents[3]
    script = (
        "from tests import package\n"
        "from qgis.core import QgsApplication\n"
        "app = QgsApplication([], False); app.initQgis()\n"
        "from gruene_infra.gruene_infra_plugin.register.postgis import PostgresPlace\n"
        "from gruene_infra.gruene_infra_plugin.register.store import Register\n"
        f"try: Register.open(PostgresPlace(dsn={str(postgres.uri().connectionInfo(False))!r}, schema='s'))\n"
        "except Exception as error: print(type(error).__name__, error)\n"
        "import os, sys; sys.stdout.flush(); os._exit(0)\n"
    )
    environment = os.environ | {
        "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path),
        "PGPASSFILE": str(tmp_path / "none"),
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=root, env=environment, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("RegisterDeniedError The server of s wants a password")
