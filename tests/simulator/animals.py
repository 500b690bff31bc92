"""Food of animal origin beside the season of `paperwork`: milk into cheese, a catch into fillets, eggs into boxes; and
peaches, of which some come from a grower who keeps no records by law, and which no list of the FDA's names.

    with paperwork(folder) as season: record(season)
    season.lot of each: CHEESE_LOT, FILLET_LOT, EGG_LOT, PEACH_LOT
"""

from collections.abc import Iterator
from typing import Any

from api.verbs.master import add
from schemas.syntax.json_text import Number, write
from tests.simulator.paperwork import (
    BUYER,
    COOP,
    LINK,
    Season,
    _address,
    _checked,
    _contacts,
    _named,
    capture,
    document,
    event,
    gln,
    party,
    place,
)

DAIRY_FARM, FISHER, HEN_KEEPER, GROWER = (gln("9521001", number) for number in (21, 22, 23, 24))
STABLE, BOAT, HENHOUSE, ORCHARD = (gln("9521001", number) for number in (31, 32, 33, 34))
DAIRY, FISH_MARKET, EGG_CENTRE = (gln("9521001", number) for number in (41, 42, 43))
MILK, FISH, EGGS, PEACHES = (_checked(f"09521001{item:05d}") for item in (301, 302, 303, 304))
CHEESE, FILLETS, EGG_BOXES, PEACH_TRAYS = (_checked(f"19521001{item:05d}") for item in (401, 402, 403, 404))


def lot(gtin: str, code: str) -> str:
    """A lot of a product."""
    return f"{LINK}/01/{gtin}/10/{code}"


MILK_LOT, CATCH_LOTS, EGGS_LOT = lot(MILK, "M-1"), (lot(FISH, "C-1"), lot(FISH, "C-2")), lot(EGGS, "O-1")
PEACHES_LOT, BOUGHT_PEACHES = lot(PEACHES, "P-1"), lot(PEACHES, "P-2")
CHEESE_LOT, FILLET_LOT, EGG_LOT, PEACH_LOT = (
    lot(CHEESE, "S-71"),
    lot(FILLETS, "F-71"),
    lot(EGG_BOXES, "U-71"),
    lot(PEACH_TRAYS, "Q-71"),
)
STAMP = "1IT038RA012"


def record(season: Season) -> None:
    """Record all of it in a season's ledger, as its cooperative."""
    add(season.node, write(list(masters())), name="animals.json", member=season.members[0])
    capture(season.node, [*dairy(), *fish(), *eggs(), *peaches()], season.members[0])


def dairy() -> Iterator[dict[str, Any]]:
    """500 kg of milk, of which 60 cases of soft cheese."""
    yield _begun(10, MILK_LOT, "500", "KGM", STABLE, DAIRY, DAIRY_FARM, harvestStartDate="2026-07-10")
    yield _received(10, 9, MILK_LOT, "500", "KGM", STABLE, DAIRY_FARM, DAIRY, "LATTE-10")
    yield _made(11, ((MILK_LOT, "500", "KGM"),), CHEESE_LOT, "60", DAIRY, "CASEIFICIO-11", bestBeforeDate="2026-07-25")
    yield _sold(12, CHEESE_LOT, "60", DAIRY, "DDT-2026-11")


def fish() -> Iterator[dict[str, Any]]:
    """Two catches of anchovies, of which 40 cases of fillets."""
    for number, trip in enumerate(("ITA-TRP-26001", "ITA-TRP-26002")):
        yield _begun(
            8, CATCH_LOTS[number], "200", "KGM", BOAT, FISH_MARKET, FISHER,
            harvestStartDate="2026-07-07", harvestEndDate="2026-07-08",
            **{"filiera:tripId": trip, "filiera:vesselId": "ITA000012345", "filiera:catchArea": "FAO 37.2.1 (GSA 17)",
               "filiera:fishingGear": "Ciancioli e reti di raccolta", "filiera:productionMethod": "pescato",
               "filiera:belowMinimumSizeKg": Number(str(number)), "filiera:freshness": "Extra", "filiera:size": "2"},
        )  # fmt: skip
        yield _received(9, 5 + number, CATCH_LOTS[number], "200", "KGM", BOAT, FISHER, FISH_MARKET, f"NOTA-{number}")
    used = tuple((each, "200", "KGM") for each in CATCH_LOTS)
    yield _made(9, used, FILLET_LOT, "40", FISH_MARKET, "FILETTI-9", bestBeforeDate="2026-07-14")
    yield _sold(10, FILLET_LOT, "40", FISH_MARKET, "DDT-2026-12")


def eggs() -> Iterator[dict[str, Any]]:
    """3,600 eggs, graded and packed into 30 boxes."""
    stamped = {"filiera:eggStamp": STAMP}
    yield _begun(9, EGGS_LOT, "3600", "H87", HENHOUSE, EGG_CENTRE, HEN_KEEPER, harvestStartDate="2026-07-09", **stamped)
    yield _received(9, 15, EGGS_LOT, "3600", "H87", HENHOUSE, HEN_KEEPER, EGG_CENTRE, "UOVA-9")
    yield _made(
        10, ((EGGS_LOT, "3600", "H87"),), EGG_LOT, "30", EGG_CENTRE, "CERNITA-10", bestBeforeDate="2026-08-05",
        packagingDate="2026-07-10", **stamped, **{"filiera:qualityClass": "A", "filiera:weightClass": "L"},
    )  # fmt: skip
    yield _sold(11, EGG_LOT, "30", EGG_CENTRE, "DDT-2026-13")


def peaches() -> Iterator[dict[str, Any]]:
    """Peaches of the cooperative's, and of a grower who keeps no records, in 50 trays."""
    yield _begun(13, PEACHES_LOT, "300", "KGM", ORCHARD, COOP, COOP, **{"filiera:fieldName": "Frutteto 3"})
    yield _received(13, 12, BOUGHT_PEACHES, "200", "KGM", None, GROWER, COOP, "CONF-7") | {
        "filiera:exemption": "21 CFR 1.1305(a)"
    }
    used = (PEACHES_LOT, "300", "KGM"), (BOUGHT_PEACHES, "200", "KGM")
    yield _made(
        14, used, PEACH_LOT, "50", COOP, "LAV-PESCHE", countryOfOrigin="IT",
        **{"filiera:qualityClass": "I", "filiera:size": "A"},
    )  # fmt: skip
    yield _sold(15, PEACH_LOT, "50", COOP, "DDT-2026-14")


def _begun(day: int, uri: str, amount: str, uom: str, at: str, to: str, owner: str, **ilmd: Any) -> dict[str, Any]:
    return event(
        day, 5,
        action="ADD", bizStep="commissioning", disposition="active",
        quantityList=[{"epcClass": uri, "quantity": Number(amount), "uom": uom}],
        readPoint={"id": place(at)}, bizLocation={"id": place(at)},
        bizTransactionList=[document("prodorder", f"INIZIO-{uri[-3:]}")],
        sourceList=[{"type": "possessing_party", "source": party(owner)}],
        destinationList=[{"type": "location", "destination": place(to)}],
        ilmd={name if ":" in name else f"cbvmda:{name}": value for name, value in ilmd.items()} or None,
    )  # fmt: skip


def _received(
    day: int, hour: int, uri: str, amount: str, uom: str, source: str | None, owner: str, at: str, note: str
) -> dict[str, Any]:
    where = [{"type": "location", "source": place(source)}] if source else []
    return event(
        day, hour,
        action="OBSERVE" if source else "ADD", bizStep="receiving", disposition="in_progress",
        quantityList=[{"epcClass": uri, "quantity": Number(amount), "uom": uom}],
        readPoint={"id": place(at)}, bizLocation={"id": place(at)},
        bizTransactionList=[document("desadv", note)],
        sourceList=[{"type": "owning_party", "source": party(owner)}, *where],
        destinationList=[{"type": "owning_party", "destination": party(COOP)}],
    )  # fmt: skip


def _made(
    day: int, used: tuple[tuple[str, str, str], ...], uri: str, count: str, at: str, order: str, **ilmd: Any
) -> dict[str, Any]:
    return event(
        day, 17,
        type="TransformationEvent", bizStep="commissioning", disposition="active",
        inputQuantityList=[{"epcClass": each, "quantity": Number(many), "uom": uom} for each, many, uom in used],
        outputQuantityList=[{"epcClass": uri, "quantity": Number(count)}],
        readPoint={"id": place(at)}, bizLocation={"id": place(at)},
        bizTransactionList=[document("prodorder", order)],
        ilmd={"cbvmda:productionDate": f"2026-07-{day:02d}", "filiera:tlcSource": place(at)}
        | {name if ":" in name else f"cbvmda:{name}": value for name, value in ilmd.items()},
    )  # fmt: skip


def _sold(day: int, uri: str, count: str, at: str, note: str) -> dict[str, Any]:
    return event(
        day, 6,
        action="OBSERVE", bizStep="shipping", disposition="in_transit",
        quantityList=[{"epcClass": uri, "quantity": Number(count)}],
        readPoint={"id": place(at)}, bizLocation={"id": place(at)},
        bizTransactionList=[document("desadv", note)],
        sourceList=[{"type": "owning_party", "source": party(COOP)}, {"type": "location", "source": place(at)}],
        destinationList=[
            {"type": "owning_party", "destination": party(BUYER)},
            {"type": "location", "destination": place(BUYER)},
        ],
        **{"filiera:tlcSource": place(at)},
    )  # fmt: skip


def masters() -> Iterator[dict[str, Any]]:
    """Everything that papers ask of who and what is in these events."""
    for number, name, town in (
        (DAIRY_FARM, "Allevamento Lamone", "Brisighella"),
        (FISHER, "Pescatori Cervia", "Cervia"),
        (HEN_KEEPER, "Avicola Santerno", "Riolo Terme"),
        (GROWER, "Azienda Monti Giuseppe", "Casola Valsenio"),
    ):
        yield _named("party", party(number), name, number) | {
            "roles": ["producer"], "address": _address(town), "contacts": _contacts(name),
        }  # fmt: skip
    for number, name, kind, town, owner, approved in (
        (STABLE, "Stalla Lamone", "stable", "Brisighella", DAIRY_FARM, ()),
        (BOAT, "Stella Maris", "boat", "Cervia", FISHER, ()),
        (HENHOUSE, "Pollaio Santerno", "stable", "Riolo Terme", HEN_KEEPER, ()),
        (ORCHARD, "Frutteto Sole", "farm", "Faenza", COOP, ()),
        (DAIRY, "Caseificio Sole", "dairy", "Faenza", COOP, ("IT 08 123 CE",)),
        (FISH_MARKET, "Mercato ittico Sole", "warehouse", "Cervia", COOP, ("IT 1234 CE",)),
        (EGG_CENTRE, "Centro uova Sole", "packhouse", "Faenza", COOP, ("IT RA012",)),
    ):
        yield (
            _named("site", place(number), name, number)
            | {"kind": kind, "party": party(owner), "address": _address(town), "contacts": _contacts(name)}
            | ({"approvalNumbers": list(approved)} if approved else {})
        )
    yield _food(MILK, "Latte crudo", "dairy", "milk", "variable")
    yield _food(FISH, "Alici", "fish", "anchovy", "variable", "Finfish") | {"species": _SPECIES}
    yield _food(EGGS, "Uova da cernere", "eggs", "eggs", "variable", "Shell eggs")
    yield _food(PEACHES, "Pesche in bins", "freshProduce", "peach", "variable")
    yield _food(CHEESE, "Squacquerone 4 x 300 g", "dairy", "cheese", "fixed", "Cheese, other than hard cheese", "1.2")
    yield _food(FILLETS, "Filetti di alici 10 x 200 g", "fish", "anchovy", "fixed", "Finfish", "2") | {
        "species": _SPECIES
    }
    yield _food(EGG_BOXES, "Uova fresche 20 x 6", "eggs", "eggs", "fixed", "Shell eggs", "7.2")
    yield _food(PEACH_TRAYS, "Pesche gialle 10 kg", "freshProduce", "peach", "fixed", None, "10")


_SPECIES = {"scientificName": "Engraulis encrasicolus", "faoCode": "ANE"}


def _food(
    gtin: str, name: str, legal: str, commodity: str, weighed: str, listed: str | None = None, kilos: str = ""
) -> dict[str, Any]:
    """A product; without `kilos` it is in bulk and has no package."""
    on = {"listed": listed is not None, "version": "2024-03-01"} | ({"category": listed} if listed else {})
    size = name[len(name.rstrip("0123456789xkg ")) :].strip()
    case = {
        "netContent": {"value": Number(kilos), "unit": "KGM"},
        "packaging": {"size": size, "style": "carton"},
    }
    return {
        "type": "product",
        "id": f"{LINK}/01/{gtin}",
        "validFrom": "2025-01-01",
        "name": name,
        "brand": "Sole",
        "functionalName": name.split(" ")[0],
        "commodity": commodity,
        "quantityType": weighed,
        "legalCategory": legal,
        "foodTraceabilityList": on,
        "gtins": [{"gtin": gtin, "level": "case" if kilos else "unit"}],
        **(case if kilos else {}),
    }
