"""What one buyer or circuit asks of a despatch advice by EDI, as a profile's file says it: refused where it says
something else.

    format = "desadv"
    [options]
    mandatory = ["order", "vatNumber", "lot", "date", "sscc"]   # what must be said, beyond the message itself
    references = ["DQ"]               # the number of the note once more: DQ delivery note, AAK despatch advice
    batch = "both"                    # where a lot stands: "gin" (PCI, GIN BX), "pia" (PIA NB) or "both"
    layout = "hierarchy"              # a level for each unit (CPS); "flat": one level, no units, and so no SSCC

    rules(profile.options).batch  ->  "both"

FORMATS 2.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from exporters.profiles.options import one_of, unknown

MANDATORY = (
    "order", "vatNumber", "address", "carrier", "packages", "grossWeightKg", "lot", "date", "countryOfOrigin", "sscc",
)  # fmt: skip
REFERENCES = ("DQ", "AAK")
_CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"batch": ("gin", "pia", "both"), "layout": ("hierarchy", "flat")}
)
_LISTS: Mapping[str, tuple[str, ...]] = MappingProxyType({"mandatory": MANDATORY, "references": REFERENCES})


@dataclass(frozen=True, slots=True)
class Rules:
    """One profile's. What it does not say is as we write it for everybody."""

    mandatory: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    batch: str = "gin"
    layout: str = "hierarchy"


def rules(options: Mapping[str, Any]) -> Rules:
    """The rules of a profile; `InputError("profile-option")` for one that is not known, or a value that it has not."""
    read: dict[str, Any] = {}
    for name, value in options.items():
        if name in _CHOICES:
            read[name] = one_of(name, value, _CHOICES[name])
        elif name in _LISTS and isinstance(value, list):
            read[name] = tuple(one_of(name, each, _LISTS[name]) for each in value)
        else:
            raise unknown(name, value, _LISTS.get(name, (*_LISTS, *_CHOICES)))
    found = Rules(**read)
    if found.layout == "flat" and "sscc" in found.mandatory:
        raise unknown("layout", found.layout, ("hierarchy",))
    return found
