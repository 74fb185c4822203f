"""A real PostgreSQL with PostGIS for the tests: a cluster of its own, on a free port, in a temporary folder.

PostgreSQL refuses to run as root; the cluster then belongs to an unprivileged user. A machine without the
server fails these tests, and says what to install.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from qgis.core import QgsDataSourceUri

SUPERUSER = "gruene_test"
KNOWN_BY_PASSWORD = "gruene_known"  # noqa: S105 - a name
"""A role that the server lets in with its password only."""
PASSWORD = "gehe1m & gut"  # noqa: S105 - planted, to be searched for
MINIMUM = 15
UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class Server:
    """A running cluster."""

    bin: Path
    folder: Path
    port: int

    def dsn(self, user: str = SUPERUSER, database: str = "gruene") -> str:
        return f"host=127.0.0.1 port={self.port} user={user} dbname={database} connect_timeout=10"

    def uri(self, *, password: str = "") -> QgsDataSourceUri:
        """Return the connection of the role that is known by its password, with or without it."""
        uri = QgsDataSourceUri()
        uri.setConnection("127.0.0.1", str(self.port), "gruene", KNOWN_BY_PASSWORD, password)
        return uri

    def execute(
        self, sql: str, *values: object, user: str = SUPERUSER, database: str = "gruene"
    ) -> list[tuple]:
        """Execute a statement on a connection of its own and return the rows it gives."""
        connection = psycopg2.connect(self.dsn(user, database))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql, values or None)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()


def programs() -> Path:
    """Return the folder of the newest server's programs."""
    found = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda path: int(path.parent.name),
    )
    if not found or int(found[-1].parent.name) < MINIMUM:
        raise RuntimeError(
            f"the register's tests need PostgreSQL >= {MINIMUM} with PostGIS: run .ci/setup test, or install"
            " postgresql and postgresql-<version>-postgis-3"
        )
    return found[-1]


@contextmanager
def server() -> Iterator[Server]:
    """Start a cluster with a database ``gruene`` that has PostGIS, and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="gruene_postgres_"))
    running = Server(programs(), folder, _free_port())
    data = folder / "data"
    try:
        _own(folder)
        _run(
            [
                running.bin / "initdb",
                "-D",
                data,
                "-U",
                SUPERUSER,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ]
        )
        rules = data / "pg_hba.conf"
        by_password = f"host all {KNOWN_BY_PASSWORD} 127.0.0.1/32 scram-sha-256\n"
        rules.write_text(by_password + rules.read_text(encoding="utf-8"), encoding="utf-8")
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": running.port,
            "unix_socket_directories": folder,
            "fsync": "off",  # what is killed here are processes, never the machine
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        pg_ctl = [running.bin / "pg_ctl", "-D", data, "-w"]
        _run([*pg_ctl, "-l", folder / "log", "-o", options, "start"])
        try:
            running.execute("CREATE DATABASE gruene", database="postgres")
            running.execute("CREATE EXTENSION postgis")
            running.execute("CREATE EXTENSION amcheck")
            running.execute(f"CREATE ROLE {KNOWN_BY_PASSWORD} LOGIN PASSWORD '{PASSWORD}'")
            running.execute(f"GRANT CREATE ON DATABASE gruene TO {KNOWN_BY_PASSWORD}")
            yield running
        finally:
            _run([*pg_ctl, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _own(folder: Path) -> None:
    if os.geteuid() == 0:
        user = pwd.getpwnam(_unprivileged())
        os.chown(folder, user.pw_uid, user.pw_gid)


def _unprivileged() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED if name in known)


def _run(command: list) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        user = pwd.getpwnam(_unprivileged())
        words = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *words]
    # The server keeps what it inherits open: its output must not be a pipe that we wait for.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(words, stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd="/")
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{words}: {output.read().decode(errors='replace')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
