"""The strategy as data: what was agreed, which figures it names, and where each of them comes from."""

from .loader import SHIPPED_FILES, load_strategy
from .model import (
    Assignment,
    Baseline,
    Direction,
    Handlungsziel,
    Leitthema,
    Measurability,
    Municipality,
    Origin,
    Raumtyp,
    Scope,
    Strategy,
    Target,
)

__all__ = [
    "SHIPPED_FILES",
    "Assignment",
    "Baseline",
    "Direction",
    "Handlungsziel",
    "Leitthema",
    "Measurability",
    "Municipality",
    "Origin",
    "Raumtyp",
    "Scope",
    "Strategy",
    "Target",
    "load_strategy",
]
