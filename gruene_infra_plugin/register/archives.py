"""Archives: the older part of the history, kept outside ``verlauf`` so that a register stays handy.

``meta`` names every archive of a register. An archive is never changed once it is made, so that copies of a
register may share it; what needs one that is not there is refused. In a GeoPackage's folder each is a file
of its own, ``archive_file``; in PostgreSQL all of them are one table, ``verlauf_archiv``, where colleagues,
rights and backups find it.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from pathlib import PurePath

from . import errors
from .database import Archive, Session, as_list
from .odd_values import content_of, shown
from .schema import ARCHIVE, VERLAUF

_KEY = "archiv_"
_NAMED = "SELECT wert FROM meta WHERE substr(schluessel, 1, 7) = ? ORDER BY id"
_NAME = "INSERT INTO meta (schluessel, wert) VALUES (?, ?)"
_DIVIDED = (
    "SELECT aktion FROM verlauf WHERE aktion IS NOT NULL GROUP BY aktion"
    " HAVING min(wann) < ? AND max(wann) >= ?"
)
_OLDER = "wann < ? AND coalesce(aktion, '') NOT IN (SELECT value FROM json_each(?))"
_COUNT = " ".join(("SELECT count(*) FROM verlauf WHERE", _OLDER))


def known(session: Session) -> list[Archive]:
    """Return the archives of a register, the oldest first.

    Raises
    ------
    RegisterMissingError
        If what ``meta`` says of them cannot be understood.
    """
    found = _named(session)
    for text, archive in found:
        if archive is None:
            raise errors.no_archive(text)
    return [archive for _, archive in found if archive is not None]


def lost(session: Session) -> list[str]:
    """Return the archives that cannot be read by name; by what ``meta`` says where nobody understands it."""
    found = _named(session)
    there = [archive for _, archive in found if archive is not None]
    return [text for text, archive in found if archive is None] + session.lost_archives(there)


def _named(session: Session) -> list[tuple[str, Archive | None]]:
    return [(shown(text), _read(text)) for (text,) in session.rows(_NAMED, [_KEY])]


def _read(text: object) -> Archive | None:
    """Return an archive that ``meta`` names, ``None`` where it says something else."""
    said = content_of(text)
    if said is None:
        return None
    name, before, entries, mark = (said.get(key) for key in ("name", "vor", "eintraege", "kennung"))
    if not all(isinstance(text, str) for text in (name, before, mark)) or type(entries) is not int:
        return None
    archive = Archive(str(name), str(before), entries, str(mark))
    try:
        _ = archive.day
    except (ValueError, OverflowError):
        return None
    return archive if _is_file_name(archive.name) else None


def _is_file_name(name: str) -> bool:
    return PurePath(name).name == name != "" and "\0" not in name


def bring(session: Session, moment: str = "") -> tuple[str, ...]:
    """Return the tables that hold the history from a moment on, and of each row the entry before it.

    Raises
    ------
    RegisterMissingError
        If an archive that is needed for that is not there as it was.
    """
    archives = known(session)
    needed = [archive for archive in archives if archive.before > moment]
    if not needed:
        return (VERLAUF.name,)
    session.bring_archives(archives, needed)
    return VERLAUF.name, ARCHIVE.name


def move(session: Session, day: dt.date, before: str) -> Archive | None:
    """Move what is older than ``before``, the begin of a day, into an archive; ``None`` if there is nothing.

    The entries of an action stay together: those of one that went on past that moment stay. Either all of
    it holds at the end of the transaction, or nothing of it.

    Raises
    ------
    RegisterError
        If the archive cannot be written.
    """
    divided = [action for (action,) in session.rows(_DIVIDED, [before, before])]
    values = [before, as_list(divided)]
    ((entries,),) = session.rows(_COUNT, values)
    if not entries:
        return None
    taken = {archive.name for archive in known(session)}
    archive = Archive(session.name_archive(day, taken), before, entries, uuid.uuid4().hex)
    session.move_history(archive, _OLDER, values)
    said = {"name": archive.name, "vor": before, "eintraege": entries, "kennung": archive.mark}
    session.run(_NAME, [_KEY + archive.mark, json.dumps(said, ensure_ascii=False)])
    return archive
