"""What buyers and authorities ask for, member by member: asked on entry, so that no export fails for it later.

- A *scheme* is somebody's list, named as its export is; an `Ask` is one thing on it: of which kind of master data,
  under which members (any of them will do), and whether the export is impossible without it.
- Here is what concerns master data. What is asked of events follows from the same schemes, with the exports.
- It is asked, never demanded: what happened is recorded whether or not an export could be made of it.

    [ask.members for ask in lacking(tree, ["fsma204"])]  ->  [("contacts/phone",)]

FORMATS section 4. 21 CFR 1.1300 to 1.1455 (FSMA 204); Reg. (EC) 178/2002 article 18; Reg. (EU) 931/2011; Reg. (EC)
1224/2009 article 58; AgID profile of the despatch advice; Reg. (EU) 2023/1115 (EUDR).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from schemas.master.terms import KINDS, Kind

Strength = Literal["mandatory", "recommended"]
SCHEMES: Mapping[str, str] = {
    "fsma204": "FDA Food Traceability Rule (FSMA 204)",
    "eu178": "Reg. (EC) 178/2002, art. 18",
    "eu931": "Reg. (EU) 931/2011",
    "fish58": "Reg. (EC) 1224/2009, art. 58",
    "ddt": "AgID DDT (UBL 2.1)",
    "eudr": "Reg. (EU) 2023/1115",
    "recall": "Ministero della Salute, D.G.I.S.A.N. 0011318/2025",
}
"""What each scheme is, as its own papers call it."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked for. `members`: paths below the version, `/` between names, of which one is enough; a path
    through a list means any of its items. `only`: the values of `member=value` under which it is asked."""

    scheme: str
    kind: Kind
    members: tuple[str, ...]
    strength: Strength = "mandatory"
    only: str = ""


_FULL_ADDRESS = ("address/street", "address/postalCode", "address/region")


def _of(scheme: str, kind: Kind, *members: str | tuple[str, ...], **how: Any) -> Iterator[Ask]:
    for one in members:
        yield Ask(scheme, kind, (one,) if isinstance(one, str) else one, **how)


def _located(scheme: str, kind: Kind) -> Iterator[Ask]:
    """Business name, phone, and an address or coordinates: what the FDA calls a location description."""
    place = ("coordinates",) if kind == "site" else ()
    yield from _of(scheme, kind, "contacts/phone", "address", ("address/street", *place))
    yield from _of(scheme, kind, "address/region", "address/postalCode")


ASKS: tuple[Ask, ...] = (
    *_located("fsma204", "party"),
    *_located("fsma204", "site"),
    *_of("fsma204", "product", "brand", "commodity", "packaging/size", "packaging/style", "foodTraceabilityList"),
    *_of("fsma204", "product", "variety", strength="recommended"),
    *_of("fsma204", "site", ("coordinates", "polygon"), only="kind=field"),
    *_of("eu178", "party", "address", "address/street"),
    *_of("eu931", "party", "address", "address/street"),
    *_of("eu931", "site", "address", "address/street"),
    *_of("eu931", "product", "functionalName", strength="recommended"),
    *_of("fish58", "product", "species/scientificName", "species/faoCode", only="legalCategory=fish"),
    *_of("ddt", "party", ("vatNumber", "taxCode"), "address", *_FULL_ADDRESS),
    *_of("ddt", "site", "address", *_FULL_ADDRESS, strength="recommended"),
    *_of("eudr", "site", ("polygon", "coordinates"), "address/country", only="kind=field"),
    *_of("eudr", "site", "area", only="kind=field", strength="recommended"),
    *_of("recall", "party", "contacts/phone", "contacts/email", "address/street"),
    *_of("recall", "party", "approvalNumbers", strength="recommended"),
    *_of("recall", "product", "brand", "netContent"),
)


def lacking(tree: Mapping[str, Any], schemes: Iterable[str]) -> list[Ask]:
    """What these schemes ask for of a version that is not in it, the mandatory first; nothing of one withdrawn."""
    wanted = set(schemes)
    kind = tree.get("type")
    if kind not in KINDS or tree.get("withdrawn"):
        return []
    asked = [ask for ask in ASKS if ask.scheme in wanted and ask.kind == kind and _concerns(ask, tree)]
    found = [ask for ask in asked if not any(_there(tree, path.split("/")) for path in ask.members)]
    return sorted(found, key=lambda ask: ask.strength != "mandatory")


def _concerns(ask: Ask, tree: Mapping[str, Any]) -> bool:
    name, _, value = ask.only.partition("=")
    return not name or tree.get(name) == value


def _there(value: Any, path: Sequence[str]) -> bool:
    if isinstance(value, list):
        return any(_there(item, path) for item in value)
    if not path:
        return True
    return isinstance(value, dict) and path[0] in value and _there(value[path[0]], path[1:])
