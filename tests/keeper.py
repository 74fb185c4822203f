"""Who gives passwords in tests, in the place of QGIS's dialog."""

from __future__ import annotations

from dataclasses import dataclass, field

from qgis.core import QgsCredentials

_KEPT: list[QgsCredentials] = []
"""QGIS keeps no more than a pointer to the one who gives passwords."""


@dataclass
class Answers:
    """What is said when somebody asks: the answers in turn, then nothing; and what was asked."""

    given: list[tuple[str, str]] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    master: str = ""


class Keeper(QgsCredentials):
    """Answers as ``answers`` say; QGIS has one for all of its life."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = Answers()
        self.setInstance(self)
        _KEPT.append(self)

    def request(self, realm: str, username: str, password: str, message: str = "") -> tuple[bool, str, str]:
        self.answers.asked.append((realm, username, message))
        if not self.answers.given:
            return False, username, password
        return True, *self.answers.given.pop(0)

    def requestMasterPassword(self, password: str, stored: bool = False) -> tuple[bool, str]:
        return bool(self.answers.master), self.answers.master

    def forget(self, realm: str) -> None:
        """Keep nothing for a connection any more."""
        self.get(realm, "", "", "", False)
