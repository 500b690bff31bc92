"""Balances as faces show them: figures as decimal text in the units people use.

as_json(account)  ->  {"key": "https://id.gs1.org/01/…", "unit": "KGM", "made": "600.50", "shipped": None, …}

A figure that is not shown is null, never zero.
"""

from decimal import Decimal
from typing import Any

from api.verbs.balance import Balances
from ledger.lots.balance import FIGURES, Account
from ledger.lots.yielded import Yielded

# The unit that stands for a dimension, and how many of it are one of the dimension's base.
_UNITS = {"mass": ("KGM", Decimal(1)), "volume": ("LTR", Decimal(1000)), "count": ("H87", Decimal(1))}


def figure(value: Decimal | None, dimension: str) -> str | None:
    """A figure as text without exponent, in the unit of `unit_of`; None where it is not shown."""
    if value is None:
        return None
    _, factor = _UNITS.get(dimension, (dimension, Decimal(1)))
    said = format((value * factor).normalize(), "f")
    return "0" if said == "-0" else said


def unit_of(dimension: str) -> str:
    """The UN/CEFACT code that figures of a dimension are given in; the code itself where it has no dimension."""
    return _UNITS.get(dimension, (dimension, Decimal(1)))[0]


def as_json(account: Account) -> dict[str, Any]:
    """One account."""
    figures: dict[str, Any] = {name: figure(account.figures[name], account.dimension) for name in FIGURES}
    said = {"key": account.key, "unit": unit_of(account.dimension), **figures, "lines": account.lines}
    return {**said, "short": account.short, "mixed": account.mixed}


def process_json(process: Yielded) -> dict[str, Any]:
    """One process."""
    source, target = process.dimensions
    ratio = process.ratio
    return {
        "entries": list(process.entries),
        "used": figure(process.used, source),
        "usedUnit": unit_of(source),
        "made": figure(process.made, target),
        "madeUnit": unit_of(target),
        "ratio": None if ratio is None else format(ratio.normalize(), "f"),
        "process": process.band.process if process.band else None,
        "verdict": process.verdict,
    }


def balances_json(found: Balances) -> dict[str, Any]:
    """Everything that a balance says."""
    return {
        "accounts": [as_json(account) for account in found.accounts],
        "totals": [as_json(account) for account in found.totals],
        "processes": [process_json(process) for process in found.processes],
        "units": list(found.units),
    }
