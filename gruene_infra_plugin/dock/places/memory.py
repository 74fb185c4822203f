"""Where registers lie, as text: in the project, and in the user's settings those opened last."""

from __future__ import annotations

import json
from pathlib import Path

from qgis.core import QgsProject, QgsSettings

from ...register.postgis import PostgresPlace
from ...register.store import RegisterPlace
from ..state import SCOPE

_REGISTER = "register"
_RECENT = "gruene_infra/recent_registers"
MOST_RECENT = 8


def place_to_text(place: RegisterPlace, project: QgsProject | None = None) -> str:
    """Return a place as text; a file's path relative to the project, if one is given and says so.

    A connection is named, never written out: a place with parameters of its own, which may hold a
    password, is the empty text.
    """
    if isinstance(place, PostgresPlace):
        parts = {"connection": place.connection, "schema": place.schema}
        return json.dumps(parts, ensure_ascii=False) if place.connection and not place.dsn else ""
    path = place.absolute().as_posix()
    return json.dumps({"file": path if project is None else project.pathResolver().writePath(path)})


def place_from_text(text: str, project: QgsProject | None = None) -> RegisterPlace | None:
    """Return the place of a text, ``None`` for the empty text and for what is none."""
    try:
        parts = json.loads(text)
    except ValueError:
        return None
    if not isinstance(parts, dict) or not all(isinstance(part, str) for part in parts.values()):
        return None
    if parts.get("connection"):
        return PostgresPlace(parts["connection"], schema=parts.get("schema") or PostgresPlace.schema)
    path = parts.get("file", "")
    if not path:
        return None
    return Path(path if project is None else project.pathResolver().readPath(path))


def name_of(place: RegisterPlace | None) -> str:
    """Return what people call a register: its file, or connection and schema."""
    if place is None:
        return ""
    return place.where if isinstance(place, PostgresPlace) else place.name


def remember_in_project(project: QgsProject, place: RegisterPlace | None) -> None:
    """Keep a place in the project, or that there is none; it counts as changed only if it says another."""
    text = "" if place is None else place_to_text(place, project)
    if text == project.readEntry(SCOPE, _REGISTER)[0]:
        return
    if text:
        project.writeEntry(SCOPE, _REGISTER, text)
    else:
        project.removeEntry(SCOPE, _REGISTER)


def place_of_project(project: QgsProject) -> RegisterPlace | None:
    """Return the place that the project names."""
    return place_from_text(project.readEntry(SCOPE, _REGISTER)[0], project)


def recent_places() -> list[RegisterPlace]:
    """Return the places opened last, the newest first."""
    try:
        texts = json.loads(str(QgsSettings().value(_RECENT, "")))
    except ValueError:
        return []
    known = [text for text in texts if isinstance(text, str)] if isinstance(texts, list) else []
    return [place for place in map(place_from_text, known) if place is not None]


def remember_recent(place: RegisterPlace) -> None:
    """Keep a place as the newest."""
    text = place_to_text(place)
    if text:
        others = [other for other in map(place_to_text, recent_places()) if other != text]
        QgsSettings().setValue(_RECENT, json.dumps([text, *others][:MOST_RECENT], ensure_ascii=False))
