"""What can go wrong with a register, in words for people."""

from __future__ import annotations

from collections.abc import Sequence

from ..i18n import translate
from ..methods.reading.names import first_few
from .model import Conflict


class RegisterError(Exception):
    """The register cannot do what was asked; the message says why and what helps. Nothing was written."""


class RegisterBusyError(RegisterError):
    """Somebody else is writing."""


class RegisterLostError(RegisterError):
    """The connection to the database broke or cannot be made."""


class RegisterFullError(RegisterError):
    """The disk is full or fails."""


class RegisterReadOnlyError(RegisterError):
    """The file or its folder, or the database, can only be read."""


class RegisterDeniedError(RegisterError):
    """The database role lacks a right."""


class RegisterMissingError(RegisterError):
    """There is no register at this place, or something that it should hold is not in it."""


class RegisterDamagedError(RegisterError):
    """Something that the register rests on is missing."""


class RegisterVersionError(RegisterError):
    """The register was made by another version of the plugin."""


class RegisterNetworkError(RegisterError):
    """A GeoPackage on a network drive."""


class RegisterRuleError(RegisterError):
    """A value that a rule of the register refuses; ``detail`` is what the database says."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


class UndoRefusedError(RegisterError):
    """An action that cannot be undone."""


class RegisterConflict(RegisterError):  # noqa: N818 - a state to decide on, not a failure
    """Rows changed since they were read: what they hold now and what was to be written."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        parcels = len({conflict.row for conflict in conflicts})
        super().__init__(
            translate(
                "GrueneInfra",
                "{rows} entries were changed by somebody else since you read them. Nothing was written;"
                " choose for each whose value stays.",
            ).format(rows=parcels)
        )


def busy(where: str) -> RegisterBusyError:
    return RegisterBusyError(
        translate(
            "GrueneInfra",
            "The register {where} is being written by somebody else or has unsaved edits in QGIS. Save or end"
            " the edits and try again. Nothing was written.",
        ).format(where=where)
    )


def lost(where: str, reason: str) -> RegisterLostError:
    return RegisterLostError(
        translate(
            "GrueneInfra",
            "The connection to the register {where} failed: {reason}. Nothing of this step was written; try"
            " again when the server can be reached.",
        ).format(where=where, reason=reason)
    )


def unknown(where: str, reason: str) -> RegisterLostError:
    return RegisterLostError(
        translate(
            "GrueneInfra",
            "The connection to the register {where} broke while the last step was being finished: {reason}."
            " It is in the register as a whole or not at all: look before you repeat it.",
        ).format(where=where, reason=reason)
    )


def full(where: str) -> RegisterFullError:
    return RegisterFullError(
        translate(
            "GrueneInfra",
            "The register {where} could not be written: the disk is full or fails. Nothing was written; make"
            " room and try again.",
        ).format(where=where)
    )


def read_only(where: str) -> RegisterReadOnlyError:
    return RegisterReadOnlyError(
        translate(
            "GrueneInfra",
            "The register {where} can only be read: the file, its folder or the database does not let you"
            " write. Nothing was written.",
        ).format(where=where)
    )


def no_schema_right(where: str) -> RegisterDeniedError:
    return denied(where, translate("GrueneInfra", "it may not use the schema"))


def denied(where: str, reason: str) -> RegisterDeniedError:
    return RegisterDeniedError(
        translate(
            "GrueneInfra",
            "Your database role lacks a right in the register {where}: {reason}. Ask the register's owner.",
        ).format(where=where, reason=reason)
    )


def no_password(where: str) -> RegisterDeniedError:
    return RegisterDeniedError(
        translate(
            "GrueneInfra",
            "The server of {where} wants a password, and none was given that it takes. Enter it when QGIS"
            " asks; where nobody can be asked, keep it in an authentication of QGIS, in a service file or in"
            " .pgpass.",
        ).format(where=where)
    )


def no_register(where: str) -> RegisterMissingError:
    return RegisterMissingError(
        translate(
            "GrueneInfra", "There is no register at {where}. Create one, or choose another place."
        ).format(where=where)
    )


def no_file(where: str) -> RegisterMissingError:
    return RegisterMissingError(
        translate("GrueneInfra", "{where} does not exist or cannot be opened as a GeoPackage.").format(
            where=where
        )
    )


def no_archive(name: str) -> RegisterMissingError:
    return RegisterMissingError(
        translate(
            "GrueneInfra",
            "What is asked for needs the older part of the register's history that was moved to {name}. It is"
            " not there, or not as it was written. Put it back beside the register.",
        ).format(name=name)
    )


def archive_failed(where: str, reason: str) -> RegisterError:
    return RegisterError(
        translate(
            "GrueneInfra", "The history was not moved to {where}: {reason}. The register is as it was."
        ).format(where=where, reason=reason)
    )


def no_folder(where: str) -> RegisterMissingError:
    return RegisterMissingError(
        translate("GrueneInfra", "The folder of {where} does not exist.").format(where=where)
    )


def exists(where: str) -> RegisterError:
    return RegisterError(
        translate("GrueneInfra", "There is something at {where} already; nothing was overwritten.").format(
            where=where
        )
    )


def damaged(where: str, lacking: Sequence[str]) -> RegisterDamagedError:
    return RegisterDamagedError(
        translate(
            "GrueneInfra",
            "The register {where} is damaged: it lacks {names}. Take it from a backup; nothing was changed.",
        ).format(where=where, names=first_few(lacking))
    )


def no_crs(where: str, stated: str) -> RegisterDamagedError:
    return RegisterDamagedError(
        translate(
            "GrueneInfra",
            "The register {where} does not tell its coordinate system: in its table “meta” stands “{crs}”."
            " Enter its EPSG number there, such as EPSG:25832.",
        ).format(where=where, crs=stated)
    )


def not_logging(where: str, names: Sequence[str]) -> RegisterDamagedError:
    return RegisterDamagedError(
        translate(
            "GrueneInfra",
            "The register {where} would keep no history of this: {count} triggers are missing or changed"
            " ({names}). Nothing was written. “Check the register” restores them.",
        ).format(where=where, count=len(names), names=first_few(names))
    )


def long_name(name: str, most: int) -> RegisterError:
    return RegisterError(
        translate(
            "GrueneInfra", "The name {name} is too long: {count} bytes, at most {most} are possible."
        ).format(name=name, count=len(name.encode()), most=most)
    )


def no_project(name: str) -> RegisterMissingError:
    return RegisterMissingError(
        translate("GrueneInfra", "The project “{name}” is not in the register any more.").format(name=name)
    )


def bad_crs(crs: str) -> RegisterError:
    return RegisterError(
        translate(
            "GrueneInfra", "A register needs a projected coordinate system with an EPSG number, not {crs}."
        ).format(crs=crs or "–")
    )


def newer(where: str, found: str, known: int) -> RegisterVersionError:
    return RegisterVersionError(
        translate(
            "GrueneInfra",
            "The register {where} has schema version {found}, this plugin knows up to {known}. Update the"
            " plugin.",
        ).format(where=where, found=found, known=known)
    )


def network(where: str) -> RegisterNetworkError:
    return RegisterNetworkError(
        translate(
            "GrueneInfra",
            "{where} is on a network drive, where a GeoPackage that several people edit gets damaged. Keep"
            " the register in PostgreSQL with PostGIS, or the file on a local disk.",
        ).format(where=where)
    )


def refused_value(where: str, detail: str) -> RegisterRuleError:
    message = translate(
        "GrueneInfra", "A rule of the register {where} refuses this: {detail}. Nothing was written."
    )
    return RegisterRuleError(message.format(where=where, detail=detail), detail)


def zero_character(where: str) -> RegisterRuleError:
    return refused_value(where, translate("GrueneInfra", "a text holds the character NUL"))


def too_long(where: str) -> RegisterRuleError:
    return refused_value(where, translate("GrueneInfra", "a name or key is too long"))


def failed(where: str, reason: str) -> RegisterError:
    return RegisterError(
        translate("GrueneInfra", "The register {where} failed: {reason}. Nothing was written.").format(
            where=where, reason=reason
        )
    )
