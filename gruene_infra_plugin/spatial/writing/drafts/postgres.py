"""Drafts of tables in PostgreSQL: another table in the same schema, renamed in one transaction."""

from __future__ import annotations

import errno
import os
import re
import secrets
import time
from contextlib import suppress

from qgis.core import (
    QgsDataSourceUri,
    QgsProviderConnectionException,
    QgsProviderRegistry,
    QgsVectorLayer,
)

from ....register.ddl import fill, literal, quoted
from ....register.postgis import LONGEST_NAME
from .base import TABLE, Draft
from .beside import LEFT_SECONDS

LEFT = re.compile(TABLE + "([0-9a-f]+)_[0-9a-f]{12}")
WAIT = "SELECT set_config('lock_timeout', '10000', true)"
"""Waits for others who use a table, ten seconds at most [A]."""
TRY_TO_REPLACE = (
    "DO $$tried$$ BEGIN DROP TABLE IF EXISTS $table; RAISE EXCEPTION 'taken back';"
    " EXCEPTION WHEN raise_exception THEN NULL; END $$tried$$"
)


class PostgresDraft(Draft):
    """A table in the making; ``provider`` and ``uri`` are the two parts of a destination."""

    mixes_null_and_zero = True
    sends_together = True

    def __init__(self, provider: str, uri: str) -> None:
        self._provider, self._uri = provider, uri
        self._target = QgsDataSourceUri(uri)
        for name in (self._target.schema(), self._target.table()):
            if len(name.encode()) > LONGEST_NAME:
                raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
        metadata = QgsProviderRegistry.instance().providerMetadata("postgres")
        self._connection = metadata.createConnection(self._target.uri(False), {})
        if not self._target.schema():
            self._target.setSchema(self._run("SELECT current_schema()")[0][0])
        self._remove_left()
        self._name = f"{TABLE}{int(time.time()):x}_{secrets.token_hex(6)}"
        self._is_open = True
        self._run(WAIT, TRY_TO_REPLACE, table=self._quoted(self._target.table()))

    def _quoted(self, table: str) -> str:
        return ".".join((quoted(self._target.schema()), quoted(table)))

    def _run(self, *statements: str, **names: str) -> list[list]:
        """Execute statements in one transaction, and return the rows of the last one."""
        try:
            return list(self._connection.executeSql(fill("; ".join(statements), **names)))
        except QgsProviderConnectionException as error:
            reason = str(error).partition(" [")[2].strip("] \n")
            raise OSError(errno.EIO, reason or str(error)) from error

    def _remove_left(self) -> None:
        """Drop the drafts of this user that are so old that their runs must have been killed."""
        own = "SELECT tablename FROM pg_tables WHERE tableowner = current_user AND schemaname = $schema"
        for (name,) in self._run(own, schema=literal(self._target.schema())):
            found = LEFT.fullmatch(name)
            if found and time.time() - int(found[1], 16) > LEFT_SECONDS:
                self._drop(name)

    def _drop(self, table: str) -> None:
        with suppress(OSError):  # it can be dropped at another time
            self._run(WAIT, "DROP TABLE IF EXISTS $table", table=self._quoted(table))

    def _draft(self) -> QgsDataSourceUri:
        uri = QgsDataSourceUri(self._uri)
        uri.setDataSource(self._target.schema(), self._name, uri.geometryColumn(), "", uri.keyColumn())
        return uri

    def address(self, destination: str) -> str:
        return self._provider + self._draft().uri(False)

    def result(self, written: str) -> str:
        return self._provider + self._uri

    def final(self, message: str) -> str:
        return message.replace(self._name, self._target.table())

    def layer(self, written: str) -> QgsVectorLayer:
        uri = self._draft()
        uri.setUseEstimatedMetadata(False)
        return QgsVectorLayer(uri.uri(False), "draft", "postgres")

    def publish(self) -> None:
        if self._is_open:
            self._run(
                WAIT,
                "DROP TABLE IF EXISTS $table",
                "ALTER TABLE $draft RENAME TO $name",
                table=self._quoted(self._target.table()),
                draft=self._quoted(self._name),
                name=quoted(self._target.table()),
            )
            self._is_open = False

    def discard(self) -> None:
        if self._is_open:
            self._drop(self._name)
            self._is_open = False
