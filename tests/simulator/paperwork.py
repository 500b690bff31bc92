"""A small season with complete master data, from which every paper can be made: tomatoes from two fields, packed, put
on two pallets, shipped to two buyers, received by one of them.

    with paperwork(folder) as season:
        season.node, season.lot, season.raw, season.pallets

- Everything is captured as anybody's: unsigned documents, master data, two members with gateway keys.
- 620 + 380 kg go in, 192 cases of 5 kg come out, 40 kg are lost.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.verbs.master import add
from ledger.capture.document import read_document
from ledger.node import Node
from schemas.epcis.own_terms import NAMESPACE
from schemas.gs1.check_digit import check_digit
from schemas.syntax.json_text import Number, write

PASSPHRASE = b"una passphrase di prova"
LINK = "https://id.gs1.org"
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"filiera": NAMESPACE}]
NOW = datetime(2026, 7, 20, 12, tzinfo=UTC).timestamp()


def _checked(digits: str) -> str:
    return digits + str(check_digit(digits))


def gln(prefix: str, number: int) -> str:
    """A GLN under a company prefix of seven digits."""
    return _checked(f"{prefix}{number:05d}")


COOP, HARVESTERS, BUYER, FOREIGN, CARRIER = (
    gln("9521001", 1),
    gln("9521001", 2),
    gln("9521009", 1),
    gln("9521009", 2),
    gln("9521008", 1),
)
FARMS = gln("9521001", 11), gln("9521001", 12)
RAW, UNIT, CASE = (_checked(f"{lead}9521001{item:05d}") for lead, item in (("0", 101), ("0", 201), ("1", 201)))
PALLETS = tuple(f"{LINK}/00/{_checked(f'39521001{serial:09d}')}" for serial in (1, 2))
HARVESTED = tuple(f"{LINK}/01/{RAW}/10/H-{field}" for field in (11, 12))
LOT = f"{LINK}/01/{CASE}/10/T-196"
PACKHOUSE = f"{LINK}/414/{COOP}"
KILOGRAMS = Number("620"), Number("380")


@dataclass(frozen=True, slots=True)
class Season:
    """What was recorded, and in what."""

    node: Node
    lot: str
    raw: tuple[str, ...]
    pallets: tuple[str, ...]
    members: tuple[str, str]


@contextmanager
def paperwork(folder: Path, *, url: str | None = None, more: Iterable[dict[str, Any]] = ()) -> Iterator[Season]:
    """The season in a new store. `more`: events that the cooperative records besides."""
    with Node.init(
        url or str(folder / "store"),
        name="Cooperativa Sole",
        gln=COOP,
        prefixes=("9521001",),
        passphrase=PASSPHRASE,
        keys=folder / "keys",
        policies=folder / "policies",
        clock=lambda: NOW,
        **({"secrets": url} if url else {}),
    ) as node:
        own, other = node.own_member(), _admit(node, "Esperia Distribuzione", BUYER, "9521009")
        add(node, write(list(masters())), name="masters.json", member=own)
        capture(node, [*events(), *more], own)
        capture(node, [receiving()], other)
        yield Season(node, LOT, HARVESTED, PALLETS, (own, other))


def _admit(node: Node, name: str, number: str, prefix: str) -> str:
    membership = node.membership
    offer = membership.offer()
    said = membership.propose(node.own_member(), offer, name=name, gln=number, prefixes=(prefix,))
    membership.approve(node.own_member(), said.leaf)
    membership.new_key("gateway", offer.iss)
    return offer.iss


def capture(node: Node, listed: list[dict[str, Any]], member: str) -> None:
    """Record events."""
    tree = {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-07-20T12:00:00Z",
        "epcisBody": {"eventList": listed},
    }
    node.capture(read_document(write(tree), name="season.jsonld"), member=member)


def event(day: int, hour: int, **members: Any) -> dict[str, Any]:
    """An event of July 2026, in Italian summer time."""
    return {
        "type": "ObjectEvent",
        "eventTime": f"2026-07-{day:02d}T{hour:02d}:00:00.000+02:00",
        "eventTimeZoneOffset": "+02:00",
        **members,
    }


def party(number: str) -> str:
    """A party as a PGLN."""
    return f"{LINK}/417/{number}"


def place(number: str, extension: str = "") -> str:
    """A place as an SGLN."""
    return f"{LINK}/414/{number}" + (f"/254/{extension}" if extension else "")


def document(kind: str, name: str) -> dict[str, str]:
    """A business transaction of the cooperative's."""
    return {"type": kind, "bizTransaction": f"urn:epcglobal:cbv:bt:{COOP}:{name}"}


def cases(count: int) -> dict[str, Any]:
    """Cases of the lot."""
    return {"epcClass": LOT, "quantity": Number(str(count))}


def events() -> Iterator[dict[str, Any]]:
    """What the cooperative records."""
    yield from map(_harvest, range(2))
    yield from map(_cooling, range(2))
    yield _packing()
    yield from map(_palletising, range(2))
    yield _shipping(0, BUYER, "DDT-2026-1", "PO-4711")
    yield _shipping(1, FOREIGN, "DDT-2026-2", "PO-4712")


def _harvest(number: int) -> dict[str, Any]:
    farm, field = FARMS[number], str(11 + number)
    return event(
        14,
        6 + number,
        action="ADD",
        bizStep="commissioning",
        disposition="active",
        quantityList=[{"epcClass": HARVESTED[number], "quantity": KILOGRAMS[number], "uom": "KGM"}],
        readPoint={"id": place(farm, field)},
        bizLocation={"id": place(farm)},
        bizTransactionList=[document("prodorder", f"RACCOLTA-{field}")],
        sourceList=[{"type": "possessing_party", "source": party(HARVESTERS)}],
        destinationList=[{"type": "location", "destination": PACKHOUSE}],
        ilmd={
            "cbvmda:harvestStartDate": "2026-07-14",
            "cbvmda:harvestEndDate": "2026-07-14",
            "cbvmda:countryOfOrigin": "IT",
            "filiera:fieldName": f"Campo {field}",
            "filiera:variety": "San Marzano",
            "filiera:grower": f"Azienda {field}",
        },
    )


def _cooling(number: int) -> dict[str, Any]:
    return event(
        14,
        9 + number,
        action="OBSERVE",
        bizStep=NAMESPACE + "cooling",
        disposition="active",
        quantityList=[{"epcClass": HARVESTED[number], "quantity": KILOGRAMS[number], "uom": "KGM"}],
        readPoint={"id": PACKHOUSE},
        bizLocation={"id": PACKHOUSE},
        bizTransactionList=[document("prodorder", f"FREDDO-{number}")],
        destinationList=[{"type": "location", "destination": PACKHOUSE}],
        **{"filiera:harvestLocation": place(FARMS[number])},
    )


def _packing() -> dict[str, Any]:
    return event(
        15,
        8,
        type="TransformationEvent",
        bizStep="commissioning",
        disposition="active",
        inputQuantityList=[
            {"epcClass": lot, "quantity": amount, "uom": "KGM"}
            for lot, amount in zip(HARVESTED, KILOGRAMS, strict=True)
        ],
        outputQuantityList=[cases(192)],
        readPoint={"id": PACKHOUSE},
        bizLocation={"id": PACKHOUSE},
        bizTransactionList=[document("prodorder", "LAV-196")],
        ilmd={
            "cbvmda:productionDate": "2026-07-15",
            "cbvmda:bestBeforeDate": "2026-07-25",
            "cbvmda:countryOfOrigin": "IT",
            "filiera:tlcSource": PACKHOUSE,
            "filiera:qualityClass": "I",
            "filiera:size": "47-57",
            "filiera:variety": "San Marzano",
        },
        **{"filiera:wasteKg": Number("40")},
    )


def _palletising(number: int) -> dict[str, Any]:
    return event(
        15,
        14 + number,
        type="AggregationEvent",
        action="ADD",
        bizStep="packing",
        disposition="in_progress",
        parentID=PALLETS[number],
        childQuantityList=[cases(96)],
        readPoint={"id": PACKHOUSE},
        bizLocation={"id": PACKHOUSE},
    )


def _shipping(number: int, customer: str, note: str, order: str) -> dict[str, Any]:
    return event(
        16,
        5 + number,
        action="OBSERVE",
        bizStep="shipping",
        disposition="in_transit",
        epcList=[PALLETS[number]],
        quantityList=[cases(96)],
        readPoint={"id": PACKHOUSE},
        bizLocation={"id": PACKHOUSE},
        bizTransactionList=[
            document("desadv", note),
            {"type": "po", "bizTransaction": f"urn:epcglobal:cbv:bt:{customer}:{order}"},
        ],
        sourceList=[
            {"type": "owning_party", "source": party(COOP)},
            {"type": "location", "source": PACKHOUSE},
        ],
        destinationList=[
            {"type": "owning_party", "destination": party(customer)},
            {"type": "location", "destination": place(customer)},
        ],
        **{
            "filiera:carrier": party(CARRIER),
            "filiera:packages": Number("96"),
            "filiera:grossWeightKg": Number("520.5"),
            "filiera:tlcSource": PACKHOUSE,
        },
    )


def receiving() -> dict[str, Any]:
    """What the first buyer records."""
    return event(
        17,
        7,
        action="OBSERVE",
        bizStep="receiving",
        disposition="in_progress",
        epcList=[PALLETS[0]],
        quantityList=[cases(96)],
        readPoint={"id": place(BUYER)},
        bizLocation={"id": place(BUYER)},
        bizTransactionList=[document("desadv", "DDT-2026-1")],
        sourceList=[{"type": "owning_party", "source": party(COOP)}, {"type": "location", "source": PACKHOUSE}],
        destinationList=[{"type": "owning_party", "destination": party(BUYER)}],
        **{"filiera:tlcSource": PACKHOUSE},
    )


def masters() -> Iterator[dict[str, Any]]:
    """Everything that a paper asks of who and what is in these events."""
    for number, name, vat, role, town in (
        (COOP, "Cooperativa Sole", "IT00743110157", "cooperative", "Faenza"),
        (HARVESTERS, "Raccolta Romagna", "IT12345678903", "producer", "Brisighella"),
        (BUYER, "Esperia Distribuzione", "IT00488410010", "retailer", "Ravenna"),
        (CARRIER, "Trasporti Senio", "IT01114601006", "carrier", "Lugo"),
    ):
        yield (
            _named("party", party(number), name, number)
            | {
                "vatNumber": vat,
                "roles": [role],
                "address": _address(town),
                "contacts": _contacts(name),
            }
            | ({"taxCode": vat[2:]} if number == BUYER else {})
        )
    yield _named("party", party(FOREIGN), "Esperia Foods Inc", FOREIGN) | {
        "roles": ["retailer"],
        "contacts": _contacts("Esperia Foods Inc"),
        "address": {
            "municipality": "Elizabeth",
            "country": "US",
            "street": "1 Dock Street",
            "postalCode": "07201",
            "region": "NJ",
        },
    }
    for number, name, kind, town in (
        (COOP, "Magazzino Sole", "packhouse", "Faenza"),
        (FARMS[0], "Podere Casalino", "farm", "Brisighella"),
        (FARMS[1], "Azienda Monti", "farm", "Riolo Terme"),
        (BUYER, "Ce.Di. Ravenna", "distributionCentre", "Ravenna"),
    ):
        owner = BUYER if number == BUYER else COOP
        yield _named("site", place(number), name, number) | {
            "kind": kind,
            "party": party(owner),
            "address": _address(town),
            "contacts": _contacts(name),
            "coordinates": {"latitude": Number("44.290000"), "longitude": Number("11.880000")},
        }
    for number, field in zip(FARMS, ("11", "12"), strict=True):
        yield {
            "type": "site",
            "id": place(number, field),
            "validFrom": "2025-01-01",
            "name": f"Campo {field}",
            "kind": "field",
            "parent": place(number),
            "address": _address("Brisighella"),
            "contacts": _contacts("Campo"),
            "coordinates": {"latitude": Number("44.230000"), "longitude": Number("11.770000")},
        }
    yield _named("site", place(FOREIGN), "Elizabeth DC", FOREIGN) | {
        "kind": "distributionCentre",
        "party": party(FOREIGN),
        "contacts": _contacts("Elizabeth DC"),
        "address": {
            "municipality": "Elizabeth",
            "country": "US",
            "street": "1 Dock Street",
            "postalCode": "07201",
            "region": "NJ",
        },
    }
    yield _product(
        RAW,
        "Pomodori in campo",
        "variable",
        {"gtins": [{"gtin": RAW, "level": "unit"}], "packaging": {"size": "bins", "style": "bin"}},
    )
    levels = [
        {"gtin": UNIT, "level": "unit"},
        {"gtin": CASE, "level": "case", "contains": {"gtin": UNIT, "count": Number("10")}},
    ]
    yield _product(
        UNIT,
        "Pomodori San Marzano 500 g",
        "fixed",
        {
            "gtins": levels,
            "netContent": {"value": Number("0.5"), "unit": "KGM"},
            "packaging": {"size": "10 x 500 g", "style": "carton", "packageCode": "CT"},
        },
    )
    yield {
        "type": "certificate",
        "id": "https://bio.example/IT-BIO-009/123",
        "validFrom": "2026-01-01",
        "validTo": "2026-12-31",
        "scheme": "organic",
        "number": "IT-BIO-009-123",
        "holder": party(COOP),
        "body": {"name": "Ente Bio", "code": "IT-BIO-009"},
        "scope": {"products": [f"{LINK}/01/{UNIT}"]},
    }


def _named(type: str, id: str, name: str, number: str) -> dict[str, Any]:
    return {"type": type, "id": id, "validFrom": "2025-01-01", "name": name, "gln": number}


def _product(number: str, name: str, weighed: str, more: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "product",
        "id": f"{LINK}/01/{number}",
        "validFrom": "2025-01-01",
        "name": name,
        "brand": "Sole",
        "functionalName": "Pomodori",
        "commodity": "tomato",
        "variety": "San Marzano",
        "quantityType": weighed,
        "species": {"scientificName": "Solanum lycopersicum"},
        "legalCategory": "freshProduce",
        "foodTraceabilityList": {"listed": True, "version": "2024-03-01", "category": "Tomatoes (fresh)"},
        **more,
    }


def _address(town: str) -> dict[str, str]:
    return {"municipality": town, "country": "IT", "street": "Via Emilia 1", "postalCode": "48018", "region": "RA"}


def _contacts(name: str) -> list[dict[str, str]]:
    return [{"role": "recall", "name": name, "phone": "+39 0546 555 0101", "email": "qualita@sole.example"}]
