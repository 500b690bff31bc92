"""What was said of parties, sites, products and certificates, as of a time: of versions at hand, whoever read them.

- Which version holds is `ledger.lots.master`'s rule: a trace of last season shows last season's names.
- A thing is found by its own identifier and by its numbers: a product by the GTIN of each of its levels, a party and a
  site by their GLN, however the event spells it (PGLN or SGLN).
- Of several members' words that of the member who is named comes first (who signed the event), then the newest.

    masters.product("https://id.gs1.org/01/09520001000011/10/P-7", at, iss)["name"]

FORMATS section 3; docs/adr/0035-master-data-as-of-a-time.md.
"""

from collections.abc import Iterable, Iterator

from ledger.lots.master import Version, as_of
from ledger.lots.products import Content, KnownProducts, level_uris
from ledger.lots.stock import product_of
from schemas.epcis.instant import instant
from schemas.gs1.canonical import canonical_uri
from schemas.master.terms import Kind

NOTHING: Content = {}
_PARTY, _PLACE, _PRODUCT = "https://id.gs1.org/417/", "https://id.gs1.org/414/", "https://id.gs1.org/01/"


class Masters:
    """Versions, and what they say."""

    def __init__(self, said: Iterable[tuple[Version, Content]]) -> None:
        self._versions: dict[tuple[str, str], list[Version]] = {}
        self._content: dict[int, Content] = {}
        self._products: dict[str, KnownProducts] = {}
        self._said = tuple(said)
        for version, content in self._said:
            self._content[version.index] = content
            for name in {version.id, *names(content)}:
                self._versions.setdefault((version.type, name), []).append(version)

    def product(self, uri: str, at: int | None, member: str = "") -> Content:
        """What is said of the product of a lot, item or GTIN; empty where nothing is. `at`: microseconds since 1970."""
        return self._of("product", product_of(uri), at, member)

    def site(self, uri: str, at: int | None, member: str = "") -> Content:
        """What is said of a place; of one with an extension that nobody described, what is said of its GLN."""
        return self._of("site", uri, at, member) or self._of("site", without_extension(uri), at, member)

    def party(self, uri: str, at: int | None, member: str = "") -> Content:
        """What is said of who owns or has goods, named by PGLN, SGLN or another URI."""
        return self._of("party", uri, at, member) or self._of("party", as_party(uri), at, member)

    def kept_by(self, member: str, type: Kind, at: int | None) -> list[Content]:
        """What one member says of each thing of a kind that it keeps itself."""
        mine = {version.id for version, _ in self._said if version.member == member and version.type == type}
        return [self._of(type, name, at, member) for name in sorted(mine)]

    def products(self, member: str = "") -> KnownProducts:
        """What is said of products, for balances; `member`: whose word counts before others'."""
        if member not in self._products:
            self._products[member] = KnownProducts(self._said, preferring=[member] if member else [])
        return self._products[member]

    def called(self, uri: str, at: int | None, member: str = "") -> str | None:
        """What anything is called: a lot as its product, a place, who is there or owns it; None where nobody says."""
        if uri.startswith(_PRODUCT):
            said = [self.product(uri, at, member)]
        else:
            said = [self.site(uri, at, member), self.party(uri, at, member), self.product(uri, at, member)]
        if uri.startswith(_PARTY):
            said = [said[1], said[0]]
        return next((name for content in said if isinstance(name := content.get("name"), str)), None)

    def certificate(self, uri: str, at: int | None, member: str = "") -> Content:
        """What is said of a certificate."""
        return self._of("certificate", uri, at, member)

    def certificates(self, at: int | None) -> Iterator[Content]:
        """Every certificate that holds at a time, by its identifier."""
        for type, name in sorted(self._versions):
            if type == "certificate" and (found := self.certificate(name, at)) and canonical_uri(found["id"]) == name:
                yield found

    def _of(self, type: Kind, name: str, at: int | None, member: str) -> Content:
        versions = self._versions.get((type, name), ())
        found = as_of(versions, instant(at or 0), preferring=[member] if member else [])
        return NOTHING if found is None else self._content[found.index]


def names(content: Content) -> Iterator[str]:
    """The identifiers, beside its own, under which events name a thing."""
    yield from level_uris(content)
    gln, kind = content.get("gln"), content.get("type")
    if isinstance(gln, str):
        yield (_PARTY if kind == "party" else _PLACE) + gln


def under(uri: str) -> tuple[str, ...]:
    """The identifiers under which `Masters` looks for what is said of an object, a place or a party."""
    if uri.startswith(_PRODUCT):
        return (product_of(uri),)
    place = _PLACE + uri[len(_PARTY) :] if uri.startswith(_PARTY) else uri
    return tuple(dict.fromkeys((uri, without_extension(place), as_party(place))))


def as_party(uri: str) -> str:
    """The PGLN of a party that is named by the GLN of its place."""
    return _PARTY + without_extension(uri)[len(_PLACE) :] if uri.startswith(_PLACE) else uri


def without_extension(uri: str) -> str:
    """A place as its GLN alone."""
    return uri.partition("/254/")[0] if uri.startswith(_PLACE) else uri
