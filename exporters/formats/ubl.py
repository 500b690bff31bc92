"""A despatch as UBL 2.1, in the exact order of its elements: what Peppol's and the Italian profile have in common.

- Only what Peppol's profile has a place for is written. The Italian one adds the carrier's address, and asks for other
  identifiers: a VAT number (0211) of who sends, a tax code (0210) of who receives, of parties in Italy.
- An element without a value is not written: UBL knows no empty ones.
- Where no order was recorded, `NA` stands for it: both profiles want a reference on every line.
- `DespatchAddress` is where the goods go, as both profiles mean it.

    document(despatch, "it", "agid")

OASIS UBL 2.1, DespatchAdvice; Peppol BIS Despatch Advice 3; FORMATS 2.4.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from exporters.facts.figures import zone
from exporters.facts.parties import Address, Where, Who
from exporters.facts.shipping import Despatch, Line, Unit
from exporters.files.ubl_reference import AGGREGATE, BASIC
from exporters.files.xml_file import element
from exporters.formats.despatch_note import correction, reason
from exporters.formats.despatch_rules import Profile
from schemas.epcis.instant import instant
from schemas.syntax import xml_text
from schemas.syntax.xml_text import Element
from schemas.units import EXACT
from schemas.wording import Language

SPACE = "urn:oasis:names:specification:ubl:schema:xsd:DespatchAdvice-2"
PEPPOL = "urn:fdc:peppol.eu:poacc:trns:despatch_advice:3"
CUSTOMIZATION = {"peppol": PEPPOL, "agid": f"{PEPPOL}:extended:urn:www.agid.gov.it:trns:ddt:3.1"}
PROFILE = "urn:fdc:peppol.eu:poacc:bis:despatch_advice:3"
GLN, GTIN, VAT_NUMBER, TAX_CODE = "0088", "0160", "0211", "0210"
PIECES, NO_ORDER = "C62", "NA"
_ROOT = f'<DespatchAdvice xmlns="{SPACE}" xmlns:cac="{AGGREGATE}" xmlns:cbc="{BASIC}"/>'.encode()
_Part = Element | None


def document(note: Despatch, language: Language, profile: Profile) -> Element:
    """The document."""
    root = xml_text.read(_ROOT)
    root.extend(_present(_document(note, language, profile)))
    return root


def _document(note: Despatch, language: Language, profile: Profile) -> Iterator[_Part]:
    sent = at(note)
    yield basic("CustomizationID", CUSTOMIZATION[profile])
    yield basic("ProfileID", PROFILE)
    yield basic("ID", note.number)
    yield basic("IssueDate", f"{sent:%Y-%m-%d}")
    yield basic("IssueTime", f"{sent:%H:%M:%S}")
    yield basic("Note", correction(note, language))
    for order in [order.number for order in note.orders] or [NO_ORDER]:
        yield aggregate("OrderReference", basic("ID", order))
    yield aggregate("DespatchSupplierParty", _supplier(note.seller, profile))
    yield aggregate(
        "DeliveryCustomerParty", _consignee(note.consignee, profile), _contact(note.destination, "Delivery")
    )
    yield aggregate("BuyerCustomerParty", _trader(note.buyer, profile, receives=True))
    yield aggregate("SellerSupplierParty", _trader(note.seller, profile, receives=False))
    yield _shipment(note, sent, language, profile)
    for number, line in enumerate(note.lines, 1):
        yield _line(note, line, number)


def at(note: Despatch) -> datetime:
    """When the goods went, where they went from."""
    return instant(note.at or 0).astimezone(zone(note.offset))


def basic(name: str, text: str | None, **attributes: str) -> _Part:
    """An element with a text; nothing without one."""
    return element(f"{{{BASIC}}}{name}", xml_text.allowed(text), **attributes) if text else None


def aggregate(name: str, *inside: _Part) -> _Part:
    """An element with others in it; nothing without any."""
    held = list(_present(iter(inside)))
    return element(f"{{{AGGREGATE}}}{name}", None, *held) if held else None


def _present(parts: Iterator[_Part]) -> Iterator[Element]:
    yield from (part for part in parts if part is not None)


def endpoint(who: Who, profile: Profile) -> tuple[str, str]:
    """An electronic address: scheme and value; two empty texts where there is none."""
    vat = who.vat_number if who.vat_number.startswith("IT") else ""
    known = [(VAT_NUMBER, vat), (GLN, who.gln)] if profile == "agid" else [(GLN, who.gln), (VAT_NUMBER, vat)]
    return next(((scheme, value) for scheme, value in known if value), ("", ""))


def identifier(who: Who, profile: Profile, *, receives: bool) -> tuple[str, str]:
    """By which number a party is known: scheme and value; two empty texts where it has none."""
    if profile == "agid" and who.address.country == "IT":
        scheme, value = (TAX_CODE, who.tax_code) if receives else (VAT_NUMBER, who.vat_number)
        return (scheme, value) if value else ("", "")
    return (GLN, who.gln) if who.gln else endpoint(who, profile)


def _supplier(who: Who, profile: Profile) -> _Part:
    return aggregate(
        "Party",
        _endpoint(who, profile),
        _identification(who, profile, receives=False),
        _address("PostalAddress", who.address),
        aggregate("PartyLegalEntity", basic("RegistrationName", who.name)),
        _contact(who, ""),
    )


def _consignee(who: Who, profile: Profile) -> _Part:
    return aggregate(
        "Party",
        _endpoint(who, profile),
        _identification(who, profile, receives=True),
        _address("PostalAddress", who.address),
        aggregate("PartyLegalEntity", basic("RegistrationName", who.name)),
    )


def _trader(who: Who, profile: Profile, *, receives: bool) -> _Part:
    return aggregate(
        "Party",
        _identification(who, profile, receives=receives),
        aggregate("PartyName", basic("Name", who.name)),
        _address("PostalAddress", who.address),
    )


def _endpoint(who: Who, profile: Profile) -> _Part:
    scheme, value = endpoint(who, profile)
    return basic("EndpointID", value, schemeID=scheme)


def _identification(who: Who, profile: Profile, *, receives: bool) -> _Part:
    scheme, value = identifier(who, profile, receives=receives)
    return aggregate("PartyIdentification", basic("ID", value, schemeID=scheme))


def _contact(found: Who | Where, kind: str) -> _Part:
    return aggregate(
        f"{kind}Contact",
        basic("Name", found.contact),
        basic("Telephone", found.phone),
        basic("ElectronicMail", found.email),
    )


def _address(name: str, address: Address, *, line: str = "") -> _Part:
    if not address.country:
        return None
    return aggregate(
        name,
        basic("StreetName", address.street),
        basic("CityName", address.municipality),
        basic("PostalZone", address.postal_code),
        basic("CountrySubentity", address.region),
        aggregate("AddressLine", basic("Line", line)),
        aggregate("Country", basic("IdentificationCode", address.country)),
    )


def _shipment(note: Despatch, sent: datetime, language: Language, profile: Profile) -> _Part:
    weight = None if note.gross is None else figure(note.gross)
    return aggregate(
        "Shipment",
        basic("ID", note.number),
        basic("Information", reason(note, language)),
        basic("GrossWeightMeasure", weight, unitCode="KGM"),
        basic("TotalTransportHandlingUnitQuantity", None if note.packages is None else f"{note.packages}"),
        aggregate(
            "Consignment", basic("ID", note.number), basic("Information", note.carriage), _carrier(note, profile)
        ),
        aggregate(
            "Delivery",
            aggregate(
                "Despatch",
                basic("ActualDespatchDate", f"{sent:%Y-%m-%d}"),
                basic("ActualDespatchTime", f"{sent:%H:%M:%S}"),
                _address("DespatchAddress", note.destination.address, line=note.destination.name),
            ),
        ),
    )


def _carrier(note: Despatch, profile: Profile) -> _Part:
    who = note.carrier
    if who is None:
        return None
    return aggregate(
        "CarrierParty",
        _identification(who, profile, receives=False),
        aggregate("PartyName", basic("Name", who.name)),
        _address("PostalAddress", who.address) if profile == "agid" else None,
    )


def _line(note: Despatch, line: Line, number: int) -> _Part:
    amount = line.amount
    quantity = None if amount is None else figure(amount.quantity)
    order = note.orders[0].number if len(note.orders) == 1 else None
    return aggregate(
        "DespatchLine",
        basic("ID", f"{number}"),
        basic("DeliveredQuantity", quantity, unitCode=(amount.uom if amount else None) or PIECES),
        aggregate(
            "OrderLineReference",
            basic("LineID", NO_ORDER),
            aggregate("OrderReference", basic("ID", order)),
        ),
        _item(line),
        aggregate("Shipment", basic("ID", "NA"), *(_unit(unit) for unit in note.units if line.uri in unit.holds)),
    )


def _item(line: Line) -> _Part:
    return aggregate(
        "Item",
        basic("Name", line.name),
        aggregate("SellersItemIdentification", basic("ID", line.gtin or line.code)),
        aggregate("StandardItemIdentification", basic("ID", line.gtin, schemeID=GTIN)),
        _property("OriginCountry", line.origin),
        _property("Variety", line.text("variety")),
        aggregate(
            "ItemInstance",
            basic("ManufactureDate", line.made[:10]),
            basic("BestBeforeDate", line.best_before[:10]),
            aggregate("LotIdentification", basic("LotNumberID", line.code), basic("ExpiryDate", line.use_by[:10])),
        ),
    )


def _property(name: str, value: str) -> _Part:
    return aggregate("AdditionalItemProperty", basic("Name", name), basic("Value", value)) if value else None


def _unit(unit: Unit) -> _Part:
    return aggregate("TransportHandlingUnit", basic("ID", unit.sscc, schemeID="SSCC"))


def figure(value: Decimal) -> str:
    """A number without an exponent and without zeros at its end."""
    return f"{value.normalize(EXACT):f}"
