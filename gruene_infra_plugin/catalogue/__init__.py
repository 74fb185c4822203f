"""What each algorithm and each indicator is called and means: one YAML entry per algorithm.

Toolbox, dialogs, help, definitions beside the figures and handbook all read the same entry in
``resources/algorithms``. No qgis import.
"""

from .entry import (
    GOALS,
    Column,
    Definition,
    Entry,
    FactField,
    Figure,
    Indicator,
    KnownResult,
    Output,
    Parameter,
    Threshold,
)
from .help import help_html
from .loader import entry_ids, load_entry

__all__ = [
    "GOALS",
    "Column",
    "Definition",
    "Entry",
    "FactField",
    "Figure",
    "Indicator",
    "KnownResult",
    "Output",
    "Parameter",
    "Threshold",
    "entry_ids",
    "help_html",
    "load_entry",
]
