"""Values of attributes and parameters as other programs, spreadsheets and people leave them."""

from __future__ import annotations

from random import Random

from qgis.core import (
    QgsProcessingParameterDateTime,
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QDate

TEXTS = (
    *("", " ", "NULL", "nan", "inf", "-", "?", "0", "-1", "98", "9999", "-9999", "1e309", "1,5", "1.234,5"),
    *(
        "9" * 5000,
        "-" + "1" * 400,
        "²",
        "١٩",
        "１９",
        "½",
        "0x10",
        "1_000",
        "19_98",
        "True",
        "ja",
        "HZ 2; 19",
        "2,2",
    ),
    *("a\0b", "\x07", "\ufeffx", "\u202eabc", "a\u0301" * 50, "ẞ" * 300, "🌳" * 40),
    *(
        "=1+1",
        "+cmd|' /C calc'!A0",
        "@SUM(1)",
        "\t=1",
        "[% 1+1 %]",
        "{0}",
        "{layer}",
        "%s%n",
        "${HOME}",
        "\\N",
    ),
    *("<b>x</b>", "<script>1</script>", "'; DROP TABLE x; --", '"', "'", "a\nb", "a\r\nb", "a;b,c\td"),
    *("31.12.2025", "2025-02-30", "9999-12-31", "0001-01-01", "2026-06-30T12:00:00Z", "infinity"),
    *("051234007000120003__", "05 1234-007-00012/0003", "05999001", "5999001", "Südstadt", "Landschaft"),
    *("x" * 100_000, "ä" * 5_000, "/" * 300, "../../x", "C:\\x", "con", "a" * 255),
)
NUMBERS = (
    *(0.0, -0.0, 1.0, -1.0, 0.1, 1e-9, 5e-324, 98.0, 255.0, 999.0, 9999.0, -9999.0, 1e6, 1e9, 1e18, 1e308),
    *(-1e308, float("nan"), float("inf"), -float("inf")),
)
WHOLE = (
    0,
    1,
    -1,
    2,
    19,
    27,
    28,
    98,
    255,
    999,
    9998,
    9999,
    -9999,
    2025,
    2**31 - 1,
    2**31,
    2**63 - 1,
    -(2**63),
)


def text(rng: Random) -> str:
    """Return one of the texts, or several of them behind each other."""
    chosen = [rng.choice(TEXTS) for _ in range(rng.choice((1, 1, 1, 2, 5)))]
    return rng.choice(("", ",", ";", " ", "\n")).join(chosen)


def value(rng: Random, like: type) -> object:
    """Return a value of a type of fields: text, number or whole number; at times none."""
    if rng.random() < 0.1:
        return None
    return {int: lambda: rng.choice(WHOLE), float: lambda: rng.choice(NUMBERS)}.get(like, lambda: text(rng))()


def edited(rng: Random, original: str) -> str:
    """Return a text with some of its signs or pieces deleted, doubled, exchanged or put in."""
    made = original
    for _ in range(random_count(rng)):
        at = rng.randrange(len(made) + 1)
        end = min(len(made), at + rng.choice((1, 1, 3, 20, 200)))
        piece = rng.choice(
            (made[at:end] * 2, "", rng.choice(TEXTS), made[at:end].swapcase(), made[at:end][::-1])
        )
        made = made[:at] + piece + made[end:]
    return made


def random_count(rng: Random) -> int:
    return rng.choice((1, 1, 1, 2, 3, 8))


# -- parameters -------------------------------------------------------------------------------------------


def number_for(rng: Random, definition: QgsProcessingParameterNumber) -> object:
    near = [limit for limit in (definition.minimum(), definition.maximum()) if abs(limit) < 1e300]
    steps = [limit + step for limit in near for step in (-1, -1e-9, 0, 1e-9, 1)]
    return rng.choice((*NUMBERS, *map(float, WHOLE), *steps, *steps, rng.uniform(0, 1000), text(rng), None))


def words_for(rng: Random, definition: QgsProcessingParameterString, example: object) -> str:
    """Return a text, or numbers, or the usual one with some signs changed."""
    usual = str(example or definition.defaultValue() or "")
    numbers = ", ".join(str(rng.choice((*NUMBERS, *WHOLE))) for _ in range(random_count(rng)))
    return rng.choice((text(rng), numbers, edited(rng, usual)))


def word_for(rng: Random, definition: QgsProcessingParameterEnum) -> object:
    return rng.choice((*definition.options(), *range(-1, 9), text(rng), None))


def flag(rng: Random) -> object:
    return rng.choice((True, False, "ja", "nein", "vielleicht", 2, -1, None, text(rng)))


def day_for(rng: Random, _definition: QgsProcessingParameterDateTime) -> object:
    days = (
        QDate(2026, 6, 30),
        QDate(9999, 12, 31),
        QDate(1, 1, 1),
        QDate(20_000, 1, 1),
        QDate(-4000, 1, 1),
        QDate(),
    )
    return rng.choice((*days, "2026-06-30", "9999-12-31", "31.12.2026", text(rng), 5, None))


def crs(rng: Random) -> str:
    codes = (25832, 25831, 25833, 4647, 31467, 4326, 4258, 3857, 3035, 4978, 5555, 2056, 999999)
    return rng.choice(
        (*(f"EPSG:{code}" for code in codes), "", "unsinn", "PROJ:+proj=utm +zone=32 +units=us-ft")
    )


def extent(rng: Random) -> str:
    edges = sorted(rng.choice((*NUMBERS, 370_000.0, 370_100.0)) for _ in range(2))
    edges += sorted(rng.choice((*NUMBERS, 5_700_000.0, 5_700_100.0)) for _ in range(2))
    named = f" [{crs(rng)}]" if rng.random() < 0.7 else ""
    return rng.choice((",".join(map(repr, edges)) + named, text(rng)))
