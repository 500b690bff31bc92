"""Master data as typed values, from trees that `judge` has passed: what figures and papers are made from.

- What is not there is None or empty, and never guessed. Quantities are exact decimals with their unit.
- What was erased is not there either: of a partly erased version only `named` is sure, and `read` refuses the others.

    product = read(tree);  product.content_of("09521001001021")  ->  Measure(Decimal("5.0"), "KGM")
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from schemas.errors import InputError
from schemas.master.judge import problems

Tree: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity with its UN/CEFACT unit code."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is; `municipality_code` is ISTAT's, `country` ISO 3166-1 alpha-2."""

    municipality: str
    country: str
    municipality_code: str | None = None
    street: str | None = None
    postal_code: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call, and for what."""

    role: str
    name: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A company or person."""

    id: str
    name: str
    gln: str | None
    company_prefixes: tuple[str, ...]
    vat_number: str | None
    tax_code: str | None
    ggn: str | None
    fda_registration: str | None
    approval_numbers: tuple[str, ...]
    roles: tuple[str, ...]
    address: Address | None
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """A place; `coordinates` (latitude, longitude) and the corners of `polygon` (longitude, latitude) in WGS 84."""

    id: str
    name: str
    kind: str
    gln: str | None
    parent: str | None
    party: str | None
    address: Address | None
    coordinates: tuple[Decimal, Decimal] | None
    polygon: tuple[tuple[Decimal, Decimal], ...]
    area: Measure | None
    approval_numbers: tuple[str, ...]
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class TradeItem:
    """One level of packaging: its GTIN-14, and how many of which smaller one it holds."""

    gtin: str
    level: str
    holds: tuple[str, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """What is sold. `net_content` is that of the smallest unit; `listed` (is it on the FDA's food traceability list,
    as of which version of it) None where nobody said."""

    id: str
    name: str
    variable: bool
    items: tuple[TradeItem, ...]
    net_content: Measure | None
    brand: str | None
    functional_name: str | None
    commodity: str | None
    variety: str | None
    scientific_name: str | None
    fao_code: str | None
    packaging_size: str | None
    packaging_style: str | None
    legal_category: str | None
    listed: tuple[bool, str] | None

    def content_of(self, gtin: str) -> Measure | None:
        """What one trade item of this GTIN holds, through the levels inside it; None where that is not said."""
        levels = {item.gtin: item for item in self.items}
        count, at, seen = Decimal(1), levels.get(gtin), set()
        while at is not None and at.holds is not None and at.gtin not in seen:
            seen.add(at.gtin)
            count, at = count * at.holds[1], levels.get(at.holds[0])
        if at is None or at.gtin in seen or self.net_content is None or self.variable:
            return None
        return Measure(count * self.net_content.value, self.net_content.unit)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a body certifies of its holder; `products` and `sites` it is limited to, `document` the SHA-256 (hex) of
    the certificate itself."""

    id: str
    scheme: str
    number: str
    body: str
    body_code: str | None
    holder: str
    scope: str | None
    products: tuple[str, ...]
    sites: tuple[str, ...]
    document: str | None


Value: TypeAlias = Party | Site | Product | Certificate


def read(tree: Tree) -> Value:
    """The value of a version; `InputError` with the code of the first thing that is wrong with it."""
    for problem in problems(dict(tree)):
        raise InputError(problem.code, **problem.context)
    return {"party": _party, "site": _site, "product": _product, "certificate": _certificate}[tree["type"]](tree)


def _party(tree: Tree) -> Value:
    return Party(
        tree["id"], tree["name"], tree.get("gln"), tuple(tree.get("companyPrefixes", ())), tree.get("vatNumber"),
        tree.get("taxCode"), tree.get("ggn"), tree.get("fdaRegistration"), tuple(tree.get("approvalNumbers", ())),
        tuple(tree.get("roles", ())), _address(tree), _contacts(tree),
    )  # fmt: skip


def _site(tree: Tree) -> Value:
    where, outline = tree.get("coordinates"), tree.get("polygon")
    corners = [(x.decimal(), y.decimal()) for x, y, *_ in outline["coordinates"][0]] if outline else ()
    return Site(
        tree["id"], tree["name"], tree["kind"], tree.get("gln"), tree.get("parent"), tree.get("party"), _address(tree),
        (where["latitude"].decimal(), where["longitude"].decimal()) if where else None, tuple(corners),
        _measure(tree.get("area")), tuple(tree.get("approvalNumbers", ())), _contacts(tree),
    )  # fmt: skip


def _product(tree: Tree) -> Value:
    species, packaging, listed = tree.get("species", {}), tree.get("packaging", {}), tree.get("foodTraceabilityList")
    return Product(
        tree["id"], tree["name"], tree["quantityType"] == "variable",
        tuple(_item(item) for item in tree.get("gtins", ())), _measure(tree.get("netContent")), tree.get("brand"),
        tree.get("functionalName"), tree.get("commodity"), tree.get("variety"), species.get("scientificName"),
        species.get("faoCode"), packaging.get("size"), packaging.get("style"), tree.get("legalCategory"),
        (listed["listed"], listed["version"]) if listed else None,
    )  # fmt: skip


def _item(tree: Tree) -> TradeItem:
    inside = tree.get("contains")
    return TradeItem(tree["gtin"], tree["level"], (inside["gtin"], inside["count"].decimal()) if inside else None)


def _certificate(tree: Tree) -> Value:
    scope, document, body = tree.get("scope", {}), tree.get("document"), tree["body"]
    return Certificate(
        tree["id"], tree["scheme"], tree["number"], body["name"], body.get("code"), tree["holder"], scope.get("text"),
        tuple(scope.get("products", ())), tuple(scope.get("sites", ())), document["sha256"] if document else None,
    )  # fmt: skip


def _measure(tree: Tree | None) -> Measure | None:
    return None if tree is None else Measure(tree["value"].decimal(), tree["unit"])


def _address(tree: Tree) -> Address | None:
    said = tree.get("address")
    if said is None:
        return None
    names = ("municipality", "country", "municipalityCode", "street", "postalCode", "region")
    return Address(*(said.get(name) for name in names))


def _contacts(tree: Tree) -> tuple[Contact, ...]:
    names = ("role", "name", "phone", "email")
    return tuple(Contact(*(said.get(name) for name in names)) for said in tree.get("contacts", ()))
