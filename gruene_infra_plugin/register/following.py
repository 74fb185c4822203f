"""Sorted streams side by side, so that what belongs together meets without either being kept whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Following(Generic[Value]):
    """Values that come by ascending key, asked for by ascending keys; a key that repeats counts once."""

    def __init__(self, pairs: Iterable[tuple[str, Value]]) -> None:
        self._pairs = iter(pairs)
        self._next = next(self._pairs, None)

    def at(self, key: str) -> Value | None:
        """Return the value of a key, not less than any asked for before; ``None`` where there is none."""
        while self._next is not None and self._next[0] < key:
            self._next = next(self._pairs, None)
        return self._next[1] if self._next is not None and self._next[0] == key else None
