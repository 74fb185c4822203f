"""Connections to PostgreSQL with what QGIS knows of passwords, for the session or by asking."""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg2
from qgis.core import QgsApplication, QgsCredentials, QgsDataSourceUri
from qgis.PyQt.QtCore import QThread

CONNECT_SECONDS = 10
TRIES = 5
"""How often a password is asked for, as QGIS does."""
_IS_WANTED = re.compile("passwor[dt]", re.IGNORECASE)
"""What is spoken of where a password is missing or wrong: libpq never translates that one is missing, and
what a server says of a wrong one is in its language, English or German."""
_KEYS = ("sslcert", "sslkey", "sslrootcert")
_ASKING = threading.Lock()


class PasswordMissingError(Exception):
    """The server wants a password, and QGIS knows none and was given none."""


def connect(dsn: str, *, asks: bool = True) -> Any:
    """Connect to a database; ``dsn`` are parameters of libpq, or a number of QGIS's authentication.

    A password that is not among them is the one that QGIS remembers for this session, else QGIS asks for it
    in its window and remembers it, as for its own layers. Without ``asks`` nobody is asked.

    Raises
    ------
    PasswordMissingError
        If the server wants one and none was given.
    psycopg2.Error
        If there is no connection for another reason.
    """
    uri = QgsDataSourceUri(dsn)
    realm = str(uri.connectionInfo(False))
    given = _remembered(realm) or (uri.username(), uri.password())
    try:
        return _opened(uri, *given)
    except psycopg2.OperationalError as error:
        if not _IS_WANTED.search(str(error)):
            raise
        reason = _reason(error)
    if asks:
        with _one_at_a_time():
            return _asked(uri, realm, given, reason)
    raise PasswordMissingError


def _asked(uri: QgsDataSourceUri, realm: str, given: tuple[str, str], reason: str) -> Any:
    """Connect with what the user says, as long as the server refuses it; ``reason`` is shown to the user."""
    for _ in range(TRIES):
        is_given, *said = QgsCredentials.instance().get(realm, *given, reason)
        if not is_given:
            break
        given = (said[0], said[1])
        try:
            connection = _opened(uri, *given)
        except psycopg2.OperationalError as error:
            if not _IS_WANTED.search(str(error)):
                raise
            reason = _reason(error)
        else:
            QgsCredentials.instance().put(realm, *given)
            return connection
    raise PasswordMissingError


def _remembered(realm: str) -> tuple[str, str] | None:
    """Return user and password of this session; QGIS hands them out once, so they are put back."""
    is_known, user, password = QgsCredentials.instance().get(realm, "", "", "", False)
    if not is_known:
        return None
    QgsCredentials.instance().put(realm, user, password)
    return user, password


def _opened(uri: QgsDataSourceUri, user: str, password: str) -> Any:
    complete = QgsDataSourceUri(uri)
    complete.setUsername(user)
    complete.setPassword(password)
    parameters = str(complete.connectionInfo(True))
    try:
        return psycopg2.connect(parameters, connect_timeout=CONNECT_SECONDS, application_name="gruene_infra")
    finally:
        if uri.authConfigId():
            _remove_keys(QgsDataSourceUri(parameters))


def _remove_keys(expanded: QgsDataSourceUri) -> None:
    """Remove the files in which QGIS's authentication has laid out keys for this connection."""
    for name in _KEYS:
        path = Path(expanded.param(name).strip("'"))
        if path.name and path.parent == Path(tempfile.gettempdir()):
            with suppress(OSError):
                path.unlink()


def _reason(error: psycopg2.Error) -> str:
    return str(error).strip().splitlines()[0]


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let the window ask one question at a time; its own thread, in which it asks, must never wait."""
    if QThread.currentThread() == QgsApplication.instance().thread():
        yield
    else:
        with _ASKING:
            yield
