"""What is said of a catch (trip, vessel, area, gear), by our own terms or by CBV's and GDST's
`vesselCatchInformationList`.

- CBV has a list of vessels, each with its own words; a lot that two vessels caught has two of each, written `A; B`.
- Our own term counts where both are there.

    said_of_catch(chain.ilmd(lot), "catchArea")  ->  "FAO 37.2.1"

CBV 2.0 section 8.8.2 (ILMD of catches); GDST 1.2; Reg. (EC) 1224/2009 article 58.
"""

from collections.abc import Iterator, Mapping
from re import compile as pattern
from typing import Any

_LAST_PART = pattern(r"[:#/]")
_LIST, _ITEM = "vesselCatchInformationList", "vesselCatchInformation"
# Our name -> the names of CBV and GDST for it, in a vessel's item or on the lot itself.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "vesselId": ("imoNumber", "vesselID"),
    "catchArea": ("catchArea",),
    "fishingGear": ("fishingGearTypeCode",),
    "tripId": (),
    "productionMethod": ("productionMethodForFishAndSeafoodCode",),
    "aquacultureUnit": (),
    "catchCertificate": ("certificationID",),
    "freshness": (),
    "size": (),
}


def said_of_catch(ilmd: Mapping[str, Any], name: str) -> str:
    """One thing that is said of a catch; empty where nobody says it."""
    own = ilmd.get(name)
    if isinstance(own, str) and own.strip():
        return own.strip()
    for other in _NAMES.get(name, ()):
        found = [each[other] for each in ({**ilmd}, *_vessels(ilmd)) if isinstance(each.get(other), str)]
        if found:
            return "; ".join(dict.fromkeys(found))
    return ""


def _vessels(ilmd: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    held = ilmd.get(_LIST)
    inner = next((held[name] for name in held if _bare(name) == _ITEM), held) if isinstance(held, Mapping) else held
    for item in inner if isinstance(inner, list) else (inner,):
        if isinstance(item, Mapping):
            yield {_bare(name): value for name, value in item.items()}


def _bare(name: str) -> str:
    return _LAST_PART.split(name)[-1]
