"""Who looks: which entries of a bundle are opened, and which members of each.

- There is no default: whoever makes a bundle says for whom (ARCHITECTURE.md rule 8).
- A `member` sees whole what it signed, what names it as a source or destination, and what was given to it; of
  anything else only what is published, as the public does (docs/adr/0024-what-a-member-sees.md).
- `full` sees every disclosure that is held. `public` sees what happened to lots and when: types, steps, times, the
  what-dimension, the parents, and the object key of the subject alone. Never parties, transactions, sensors
  or extensions, which can be personal data, and never the keys of other lots, which would let anybody follow them.
  A place only where its member made it public. Of master data, what a pack tells (docs/adr/0060-what-a-pack-tells.md).
- An event hash confirms guesses about what is hidden, so outside full disclosure hash-form event IDs are withheld
  (ARCHITECTURE.md 3.1).
- What a predicate keeps is shown together with what it stands in, `@context` and `type`; `ledger.entry.disclose` sees
  to that.

*Path*: where a value stands in an entry, `("content", "quantityList", 0)`, `("record", "par", 1)`.

    texts = public().disclosures(entry, subject)
    buyer = Audience("buyer", lambda entry, path, subject: path[0] == "content")
    member(iss, parties(iss, "9521001000017", ["9521001"]), given=…, published=…).opens(entry)
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from ledger.entry.disclose import disclose
from ledger.entry.parse import Entry, with_disclosures
from schemas.gs1.canonical import canonical_uri
from schemas.gs1.check_digit import is_digits

Path: TypeAlias = tuple[str | int, ...]
Predicate: TypeAlias = Callable[[Entry, Path, str | None], bool]
"""(entry, path, canonical URI of the bundle's subject or None) -> whether the value there may be shown."""

PUBLIC_EVENT = frozenset(
    (
        "type", "action", "eventTime", "eventTimeZoneOffset", "eventID", "bizStep", "disposition",
        "parentID", "epcList", "quantityList", "childEPCs", "childQuantityList", "transformationID",
        "inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList",
    )
)  # fmt: skip
PUBLIC_ILMD = frozenset(
    (
        "lotNumber", "itemExpirationDate", "bestBeforeDate", "sellByDate", "productionDate", "packagingDate",
        "harvestStartDate", "harvestEndDate", "countryOfOrigin",
    )
)  # fmt: skip
PUBLIC_OWN_ILMD = frozenset(
    ("harvestDate", "productionDate", "variety", "qualityClass", "size", "catchArea", "fishingGear", "productionMethod")
)
"""Those of our own terms that a label tells, or may tell, whoever buys."""
_SAID = ("type", "id", "validFrom", "validTo", "withdrawn")
_TOWN = ("municipality", "municipalityCode", "region", "country")
PUBLIC_MASTER: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "party": {"name": (), "gln": (), "address": _TOWN, "story": (), "picture": ()},
        "site": {"kind": (), "public": (), "address": _TOWN},
        "product": dict.fromkeys(
            ("name", "functionalName", "brand", "commodity", "variety", "species", "netContent", "legalCategory",
             "quantityType", "gtins"), ()
        ),
        "certificate": {"scheme": (), "number": (), "body": (), "holder": (), "scope": ("products",)},
    }
)  # fmt: skip
"""What a pack tells of each kind: the members shown, with those inside that are shown, where not all are."""
PUBLIC_ERROR = frozenset(("declarationTime", "reason", "correctiveEventIDs"))
HIDDEN_FROM_BUYERS = frozenset(("grower", "taxCode", "coordinates", "polygon", "area"))
"""Who a grower is, the tax code of a person, and where and how large a plot is: the member's own to tell."""
_OWN = "filiera:"
_HASH_FORM = "ni:///sha-256;"
_PARTY, _PLACE = "https://id.gs1.org/417/", "https://id.gs1.org/414/"
_WHERE = frozenset((name, *inner) for name in ("readPoint", "bizLocation") for inner in ((), ("id",)))
_DIRECTIONS = (("sourceList", "source"), ("destinationList", "destination"))


@dataclass(frozen=True, slots=True)
class Parties:
    """How a member is named as a source or destination: canonical URIs (`exact`), and how those of its places begin."""

    exact: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()

    def name(self, uri: str) -> bool:
        """Is this canonical URI one of the member's?"""
        return uri in self.exact or uri.startswith(self.beginnings)

    def addressed(self, content: Mapping[str, Any] | None) -> bool:
        """Does an event name the member as the source or destination of what it is about?"""
        return any(self.name(canonical_uri(uri)) for uri in _ends(content or {}))


def parties(iss: str, gln: str | None = None, prefixes: Iterable[str] = ()) -> Parties:
    """The names of a member: its id, its GLN with the places that extend it, and every GLN of its company prefixes."""
    exact, beginnings = {iss}, []
    if gln is not None:
        exact |= {_PARTY + gln, _PLACE + gln}
        beginnings.append(f"{_PLACE}{gln}/254/")
    for prefix in prefixes:
        beginnings += [_PARTY + prefix, _PLACE + prefix]
    return Parties(frozenset(exact), tuple(beginnings))


def nothing(_: Entry) -> bool:
    """No entry: the answer of an audience that was given, or is shown, nothing in particular."""
    return False


@dataclass(frozen=True, slots=True)
class Audience:
    """One who looks. `whole`: full disclosure, which alone may show hash-form event IDs.

    `member`: the iss of the member that looks, with the names it has (`parties`) and what was `given` to it.
    """

    name: str
    predicate: Predicate
    whole: bool = False
    member: str | None = None
    parties: Parties = Parties()
    given: Callable[[Entry], bool] = nothing

    def opens(self, entry: Entry) -> bool:
        """Whether all that is held of this entry may be seen."""
        if self.whole or self.member is None:
            return self.whole
        return entry.claims.iss == self.member or self.parties.addressed(entry.content) or self.given(entry)

    def disclosures(self, entry: Entry, subject: str | None) -> list[str]:
        """The disclosures of `entry` that this audience may see in a bundle about `subject`, sorted as ASCII."""
        if self.opens(entry):
            return sorted(disclosure.text for disclosure in entry.disclosures)
        return sorted(disclose(entry, lambda path: self._shows(entry, path, subject)))

    def sees(self, entry: Entry, path: Path, subject: str | None) -> bool:
        """Whether the value at `path` may be shown."""
        return self.opens(entry) or self._shows(entry, path, subject)

    def shown(self, entry: Entry, subject: str | None = None) -> Entry:
        """The entry as this audience may see it: what it may not see is hidden there, as if it were not held."""
        return entry if self.opens(entry) else with_disclosures(entry.jwt.raw, self.disclosures(entry, subject))

    def _shows(self, entry: Entry, path: Path, subject: str | None) -> bool:
        return not _confirms_guesses(entry, path) and self.predicate(entry, path, subject)


def full() -> Audience:
    """Everything that is held: the member itself, an auditor."""
    return Audience("full", lambda entry, path, subject: True, whole=True)


def no_place(_iss: str, _uri: str) -> bool:
    """No place is public."""
    return False


def public(published: Callable[[Entry], bool] | None = None, placed: Callable[[str, str], bool] = no_place) -> Audience:
    """What anybody may see of a lot: its consumer page. With `published`, of the entries it holds for and no others;
    `placed`: whether a member (iss) made a place (canonical URI) public."""
    return Audience("public", _public if published is None else _published(published, placed))


def member(iss: str, names: Parties, *, given: Callable[[Entry], bool], published: Callable[[Entry], bool]) -> Audience:
    """A member of the log: whole what is its own, addressed to it or `given` to it; else what is `published`."""
    return Audience("member", _published(published), member=iss, parties=names, given=given)


def buyer() -> Audience:
    """Who buys a lot: its events, and the master data that names what is in them, but for what concerns persons and
    plots (`HIDDEN_FROM_BUYERS`)."""
    return Audience("buyer", _buyer)


AUDIENCES: Mapping[str, Callable[[], Audience]] = {"full": full, "buyer": buyer, "public": public}
"""The audiences that can be asked for by name."""


def narrowed(caller: Audience, to: Audience) -> Audience:
    """What `to` may see of what the caller sees: nobody hands on more than it has, nor more than it meant to."""
    if to.whole:
        return caller
    return Audience(to.name, lambda entry, path, subject: _both(caller, to, entry, path, subject))


def _both(caller: Audience, to: Audience, entry: Entry, path: Path, subject: str | None) -> bool:
    return caller.sees(entry, path, subject) and to.sees(entry, path, subject)


def _published(published: Callable[[Entry], bool], placed: Callable[[str, str], bool] = no_place) -> Predicate:
    def predicate(entry: Entry, path: Path, subject: str | None) -> bool:
        # A profile belongs to a member and not to an event: whoever may see the log may see its name.
        if path[0] != "profile" and not published(entry):
            return False
        return _public(entry, path, subject) or _public_place(entry, path, placed)

    return predicate


def _public_place(entry: Entry, path: Path, placed: Callable[[str, str], bool]) -> bool:
    """Is this where an event happened, and its member shows that place to everybody?"""
    if path[:1] != ("content",) or path[1:] not in _WHERE:
        return False
    uri = _member(_member(entry.content, str(path[1])), "id")
    return isinstance(uri, str) and placed(entry.claims.iss, canonical_uri(uri))


def _buyer(entry: Entry, path: Path, subject: str | None) -> bool:
    part, *rest = path
    if part == "profile":
        return True
    if part == "record":
        return _public(entry, path, subject) or path == ("record", "iat")
    if entry.claims.kind not in ("event", "correction", "master"):
        return False
    if rest == ["taxCode"] and is_digits(str(_member(entry.content, "taxCode"))):
        return True  # a company's stands in public registers, and on every delivery note to it
    return not any(isinstance(name, str) and name.rpartition(":")[2] in HIDDEN_FROM_BUYERS for name in rest)


def _ends(content: Mapping[str, Any]) -> Iterable[str]:
    """The sources and destinations of an event, as they are written."""
    for name, end in _DIRECTIONS:
        listed = content.get(name)
        for item in listed if isinstance(listed, list) else ():
            uri = _member(item, end)
            if isinstance(uri, str):
                yield uri


def _public(entry: Entry, path: Path, subject: str | None) -> bool:
    part, *rest = path
    if part == "profile":
        return rest[:1] in (["name"], [])
    if entry.claims.kind == "master":
        return part == "content" and _public_master(entry, rest)
    if not rest:
        return entry.claims.kind in ("event", "correction")
    if part == "record":
        return rest[0] == "par" or (rest[0] == "lots" and _is_lot(entry, rest[1:], subject))
    return entry.claims.kind in ("event", "correction") and _public_event([str(name) for name in rest])


def _public_master(entry: Entry, rest: list[str | int]) -> bool:
    shown = PUBLIC_MASTER.get(str(_member(entry.content, "type")), {})
    if shown is PUBLIC_MASTER["site"] and _member(entry.content, "public") is not True:
        return False
    if not rest or rest[0] in _SAID:
        return bool(shown)
    inner = shown.get(str(rest[0]))
    return inner is not None and (not inner or len(rest) == 1 or rest[1] in inner)


def _public_event(names: list[str]) -> bool:
    if names[0] in PUBLIC_EVENT:
        return True
    if names[0] == "ilmd" and len(names) > 1 and names[1].startswith(_OWN):
        return names[1].removeprefix(_OWN) in PUBLIC_OWN_ILMD
    inner = {"ilmd": PUBLIC_ILMD, "errorDeclaration": PUBLIC_ERROR}.get(names[0])
    # Only the bare word and CBV's own prefix are the standard's; whatever else is there is somebody's extension.
    return inner is not None and (len(names) == 1 or names[1].removeprefix("cbvmda:") in inner)


def _is_lot(entry: Entry, rest: list[str | int], subject: str | None) -> bool:
    """The list itself, or its element that speaks of the subject."""
    if not rest:
        return True
    lots = _member(entry.record, "lots")
    position = rest[0]
    if subject is None or not isinstance(lots, list) or not isinstance(position, int):
        return False
    lot = lots[position]
    return bool(_member(lot, "id") == subject)


def _confirms_guesses(entry: Entry, path: Path) -> bool:
    if path[:2] == ("content", "eventID"):
        return confirms_guesses(_member(entry.content, "eventID"))
    if path[:3] == ("content", "errorDeclaration", "correctiveEventIDs"):
        named = _member(_member(entry.content, "errorDeclaration"), "correctiveEventIDs")
        return isinstance(named, list) and any(confirms_guesses(each) for each in named)
    return False


def _member(tree: Any, name: str) -> Any:
    return tree.get(name) if isinstance(tree, Mapping) else None


def confirms_guesses(value: Any) -> bool:
    """Is this eventID an event hash, which tells whoever guesses what is hidden that the guess was right?"""
    return isinstance(value, str) and value.lower().startswith(_HASH_FORM)
