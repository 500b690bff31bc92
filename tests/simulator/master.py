"""Master data of the cooperatives: one good version of each kind, as trees that a test may alter.

party(name="Other");  site(validFrom="2027-01-01");  written(party(), site())
"""

from typing import Any

from schemas.syntax.json_text import Number, write

PARTY, SITE = "https://id.gs1.org/417/9521001000017", "https://id.gs1.org/414/9521001000017"
UNIT, CASE = "09521001002011", "19521001002018"
PRODUCT = f"https://id.gs1.org/01/{UNIT}"
CERTIFICATE = "https://dop.example/certificate/IT-BIO-009-123"
_CORNERS = (("11.24", "46.34"), ("11.25", "46.34"), ("11.25", "46.35"), ("11.24", "46.34"))


def party(**more: Any) -> dict[str, Any]:
    """The cooperative."""
    return _with(
        more,
        type="party",
        id=PARTY,
        validFrom="2025-01-01",
        name="Cooperativa Sole",
        gln="9521001000017",
        companyPrefixes=["9521001"],
        vatNumber="IT00743110157",
        taxCode="00743110157",
        ggn="4050373000011",
        roles=["cooperative"],
        approvalNumbers=["IT 08 123 CE"],
        address={
            "municipality": "Termeno", "country": "IT", "municipalityCode": "021098", "street": "Via Uno 1",
            "postalCode": "39040", "region": "BZ",
        },
        contacts=[
            {"role": "recall", "name": "Ufficio qualità", "phone": "+39 0471 123456", "email": "q@sole.example"}
        ],
    )  # fmt: skip


def site(**more: Any) -> dict[str, Any]:
    """Its packhouse."""
    return _with(
        more,
        type="site",
        id=SITE,
        validFrom="2025-01-01",
        name="Magazzino di Termeno",
        kind="packhouse",
        gln="9521001000017",
        party=PARTY,
        parent="https://dop.example/site/valle",
        address={"municipality": "Termeno", "country": "IT"},
        coordinates={"latitude": Number("46.341200"), "longitude": Number("11.241500")},
        polygon={"type": "Polygon", "coordinates": [[[Number(x), Number(y)] for x, y in _CORNERS]]},
        area={"value": Number("1.50"), "unit": "HAR"},
    )


def product(**more: Any) -> dict[str, Any]:
    """Its peaches."""
    return _with(
        more,
        type="product",
        id=PRODUCT,
        validFrom="2025-01-01",
        name="Pesche gialle 1 kg",
        brand="Sole",
        commodity="peach",
        variety="Redhaven",
        quantityType="fixed",
        netContent={"value": Number("1.0"), "unit": "KGM"},
        gtins=[
            {"gtin": UNIT, "level": "unit"},
            {"gtin": CASE, "level": "case", "contains": {"gtin": UNIT, "count": Number("8")}},
        ],
        species={"scientificName": "Prunus persica"},
        packaging={"size": "1 kg", "style": "basket", "packageCode": "CT"},
        legalCategory="freshProduce",
        foodTraceabilityList={"listed": False, "version": "2024-03-01"},
    )


def certificate(**more: Any) -> dict[str, Any]:
    """That they are organic."""
    return _with(
        more,
        type="certificate",
        id=CERTIFICATE,
        validFrom="2025-03-01",
        validTo="2026-02-28",
        scheme="organic",
        number="IT-BIO-009.123",
        body={"name": "Ente di prova", "code": "IT-BIO-009"},
        holder=PARTY,
        scope={"text": "Pesche", "products": [PRODUCT]},
        document={"sha256": "ab" * 32, "mediaType": "application/pdf", "name": "certificato.pdf"},
    )


GOOD = {"party": party, "site": site, "product": product, "certificate": certificate}


def written(*versions: dict[str, Any]) -> bytes:
    """A file of versions."""
    return write(list(versions))


def _with(more: dict[str, Any], **members: Any) -> dict[str, Any]:
    """These members with others; None leaves one out."""
    return {name: value for name, value in {**members, **more}.items() if value is not None}
