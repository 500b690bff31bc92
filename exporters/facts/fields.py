"""What somebody's sheet can ask of a lot on one occasion, by *paths*: `lot.bestBefore`, `customer.gln`, `raw.lots`.

- An *occasion* is one lot in one event, with how much of it: it was harvested, made, sent or received.
- A path gives a text, a number or a day, or nothing where nobody said; several texts stand as `A; B`. Each says who
  fills it.
- `lot` is what is said of it when it was made; `raw` what is said of the lots it comes from in the end.
- The supplier is who owned it before, else who recorded the event; the customer who owns it after.

    [PATHS["lot.code"].take(each) for each in occasions(chain, "line")]

FORMATS section 4; docs/formats.md (templates).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from types import MappingProxyType
from typing import Any, Literal

from exporters.facts.catches import said_of_catch
from exporters.facts.chain import Chain, Told
from exporters.facts.journey import weight_of
from exporters.facts.lots import harvest_days, level_of
from exporters.facts.origins import Origins, received_before
from exporters.facts.parties import Where, Who, signer
from ledger.lots.step import Amount
from ledger.lots.stock import is_unit
from schemas.epcis.own_terms import OWN_TERMS, decimal
from schemas.gs1.digital_link import parse
from schemas.mapping import Kind, Value
from schemas.master.validity import day

Rows = Literal["line", "receipt", "lot", "harvest"]
ROWS: tuple[Rows, ...] = ("line", "receipt", "lot", "harvest")
"""What a row may be of: a lot that was sent, received, made of others, or harvested."""
Filler = Literal["recorder", "master"]
_OWNERS = ("owning_party", "possessing_party", "location")
_JOINED = "; "
_PIECES, _PIECE = (None, "H87", "C62", "EA"), "C62"


@dataclass(frozen=True, slots=True)
class Occasion:
    """One lot in one event. `amount`: how much; None where nobody says."""

    origins: Origins
    told: Told
    lot: str
    amount: Amount | None

    @property
    def ilmd(self) -> Mapping[str, Any]:
        """What is said of the lot where it was made."""
        return self.origins.chain.ilmd(self.lot)

    @property
    def product(self) -> Mapping[str, Any]:
        """Master data of the lot's product."""
        return self.told.product(self.lot)


@dataclass(frozen=True, slots=True)
class Path:
    """One thing that can be asked: the kind of its value, who fills it, and how it is found."""

    kind: Kind
    who: Filler
    take: Callable[[Occasion], Value | None]


def occasions(chain: Chain, rows: str) -> Iterator[Occasion]:
    """Every row of a kind, in the order of time."""
    origins = Origins(chain)
    for told in chain.told:
        for lot, amount in _lots(origins, told, rows):
            yield Occasion(origins, told, lot, amount)


def _lots(origins: Origins, told: Told, rows: str) -> Iterator[tuple[str, Amount | None]]:
    if rows in ("line", "receipt"):
        if told.step.dealing == "ships" if rows == "line" else told.step.moves.receipt:
            for lot, amount in told.goods:
                if rows == "line" or not received_before(origins.chain, told, lot):
                    yield lot, amount
        return
    amounts = {flow.uri: flow.amount for flow in told.step.flows if flow.role == "made" and not is_unit(flow.uri)}
    for lot, amount in amounts.items():
        if (origins.harvest(lot) is told) == (rows == "harvest"):
            yield lot, amount


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _joined(values: Iterator[str | None]) -> str | None:
    return _JOINED.join(dict.fromkeys(filter(None, values))) or None


def _day(value: Any) -> date | None:
    return day(value[:10]) if isinstance(value, str) else None


def _key(key: str, uri: str) -> str | None:
    return dict(parse(uri).path).get(key) if uri.startswith("https://id.gs1.org/") else None


def _product(*names: str) -> Path:
    def take(of: Occasion) -> str | None:
        return _in(of.product, *names)

    return Path("text", "master", take)


def _in(said: Any, *names: str) -> str | None:
    for name in names:
        said = said.get(name) if isinstance(said, Mapping) else None
    return _text(said)


def _unit(of: Occasion) -> str | None:
    """The unit of measure, by its code of UN/CEFACT; pieces by one of theirs."""
    if of.amount is None:
        return None
    return _PIECE if of.amount.uom in _PIECES else of.amount.uom


def _weight(of: Occasion) -> Decimal | None:
    """Kilograms, from the product where pieces were counted."""
    return weight_of(of.told.facts, of.amount, of.lot, of.told.event) if of.amount else None


def _net(of: Occasion) -> Decimal | None:
    held = of.product.get("netContent")
    return decimal(held.get("value")) if isinstance(held, Mapping) else None


def _ilmd(name: str) -> Path:
    shape = OWN_TERMS[name].shape if name in OWN_TERMS else "day"
    if shape == "day":
        return Path("day", "recorder", lambda of: _day(of.ilmd.get(name)))
    if shape in ("kilograms", "number", "count"):
        return Path("number", "recorder", lambda of: decimal(of.ilmd.get(name)))
    return Path("text", "recorder", lambda of: said_of_catch(of.ilmd, name) or None)


def _origin(of: Occasion) -> str | None:
    """The country of the lot, else of all it comes from."""
    return _text(of.ilmd.get("countryOfOrigin")) or _joined(_said_of_raw(of, "countryOfOrigin"))


def _said_of_raw(of: Occasion, name: str) -> Iterator[str | None]:
    return (said_of_catch(of.origins.chain.ilmd(root), name) for root in of.origins.roots(of.lot))


def _raw(name: str) -> Path:
    """Something that is said of the lots it comes from."""
    return Path("text", "recorder", lambda of: _joined(_said_of_raw(of, name)))


def _roots(take: Callable[[Told, str], str | None], who: Filler) -> Path:
    """Something of each lot that it comes from, as of the event that began it."""

    def taken(of: Occasion) -> str | None:
        begun = ((root, told) for root in of.origins.roots(of.lot) for told in of.origins.chain.making(root))
        return _joined(take(told, root) for root, told in begun)

    return Path("text", who, taken)


def _harvest(of: Occasion, last: bool) -> date | None:
    """The first or the last day on which what it comes from was harvested."""
    begun = filter(None, map(of.origins.harvest, of.origins.roots(of.lot)))
    days = [found for told in begun for found in harvest_days(told.event)]
    return (max(days) if last else min(days)) if days else None


def _documents(kind: str) -> Path:
    def take(of: Occasion) -> str | None:
        return _joined(document.number for type, document in of.told.documents if type == kind)

    return Path("text", "recorder", take)


def _end(of: Occasion, *, to: bool) -> Who:
    """Who owned the goods before, or owns them after: where nobody says, whose the place is, at its address."""
    found = of.told.end(*_OWNERS, to=to)
    if isinstance(found, Where):
        found = replace(found.owner, address=found.address)
    return found or (Who("") if to else signer(of.told.facts, of.told.event))


def _place(of: Occasion, *, to: bool) -> Where:
    found = of.told.end("location", to=to)
    return found if isinstance(found, Where) else Where("")


def _here(of: Occasion) -> Where:
    return of.told.here or Where("")


def _carrier(of: Occasion) -> Who:
    uri = of.told.own_uri("carrier")
    return of.told.party(uri) if uri else Who("")


def _group(prefix: str, found: Callable[[Occasion], Who | Where]) -> Iterator[tuple[str, Path]]:
    """Name, numbers and address of somebody or some place."""
    who: tuple[tuple[str, Callable[[Who | Where], str]], ...] = (
        ("name", lambda each: each.name),
        ("gln", lambda each: each.gln),
        ("vatNumber", lambda each: each.vat_number if isinstance(each, Who) else each.owner.vat_number),
        ("phone", lambda each: each.phone),
        ("email", lambda each: each.email),
        ("street", lambda each: each.address.street),
        ("postalCode", lambda each: each.address.postal_code),
        ("municipality", lambda each: each.address.municipality),
        ("region", lambda each: each.address.region),
        ("country", lambda each: each.address.country),
    )
    for name, take in who:
        yield f"{prefix}.{name}", Path("text", "master", partial(_taken, found, take))


def _taken(found: Callable[[Occasion], Any], take: Callable[[Any], str], of: Occasion) -> str | None:
    return take(found(of)) or None


PATHS: Mapping[str, Path] = MappingProxyType(
    {
        "day": Path("day", "recorder", lambda of: of.told.day),
        "quantity": Path("number", "recorder", lambda of: of.amount.quantity if of.amount else None),
        "unit": Path("text", "recorder", _unit),
        "weight": Path("number", "master", _weight),
        "units": Path(
            "text", "recorder",
            lambda of: _joined(_key("00", flow.uri) for flow in of.told.step.flows if is_unit(flow.uri)),
        ),
        "note.number": _documents("desadv"),
        "order.number": _documents("po"),
        "lot.uri": Path("text", "recorder", lambda of: of.lot),
        "lot.gtin": Path("text", "recorder", lambda of: _key("01", of.lot)),
        "lot.code": Path("text", "recorder", lambda of: _key("10", of.lot) or _key("21", of.lot)),
        "lot.level": Path("text", "master", lambda of: level_of(of.product, of.lot) or None),
        "lot.origin": Path("text", "recorder", _origin),
        "lot.bestBefore": _ilmd("bestBeforeDate"),
        "lot.useBy": _ilmd("itemExpirationDate"),
        "lot.packed": _ilmd("packagingDate"),
        **{f"lot.{name}": _ilmd(name) for name, term in OWN_TERMS.items() if "ilmd" in term.on},
        "raw.lots": _roots(lambda _, lot: _key("10", lot), "recorder"),
        "raw.gtins": _roots(lambda _, lot: _key("01", lot), "recorder"),
        "raw.products": _roots(lambda told, lot: _in(told.product(lot), "name"), "master"),
        "raw.species": _roots(lambda told, lot: _in(told.product(lot), "species", "scientificName"), "master"),
        "raw.speciesCodes": _roots(lambda told, lot: _in(told.product(lot), "species", "faoCode"), "master"),
        "raw.places": _roots(lambda told, _: _text(told.here.name) if told.here else None, "master"),
        "raw.origins": _raw("countryOfOrigin"),
        "raw.growers": _raw("grower"),
        "raw.catchAreas": _raw("catchArea"),
        "raw.fishingGears": _raw("fishingGear"),
        "raw.firstDay": Path("day", "recorder", partial(_harvest, last=False)),
        "raw.lastDay": Path("day", "recorder", partial(_harvest, last=True)),
        **{
            f"product.{name}": _product(name)
            for name in ("name", "brand", "functionalName", "commodity", "variety", "quantityType", "legalCategory")
        },
        "product.species": _product("species", "scientificName"),
        "product.speciesCode": _product("species", "faoCode"),
        "product.packagingSize": _product("packaging", "size"),
        "product.packagingStyle": _product("packaging", "style"),
        "product.netContent": Path("number", "master", _net),
        "product.netContentUnit": _product("netContent", "unit"),
        **dict(_group("supplier", partial(_end, to=False))),
        **dict(_group("customer", partial(_end, to=True))),
        **dict(_group("from", partial(_place, to=False))),
        **dict(_group("to", partial(_place, to=True))),
        **dict(_group("site", _here)),
        **dict(_group("carrier", _carrier)),
        "site.approvalNumbers": Path("text", "master", lambda of: _joined(iter(of.told.approvals(of.told.site)))),
    }
)  # fmt: skip
"""Every path, by its name."""
