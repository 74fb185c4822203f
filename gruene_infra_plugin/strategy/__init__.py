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
    Text,
)
from .nodes import StrategyError

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
    "StrategyError",
    "Target",
    "Text",
    "load_strategy",
]
