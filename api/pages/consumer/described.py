"""The same that a pack's page shows, for programs that read pages: JSON-LD in the words of schema.org and of GS1.

- It says nothing that the page does not show: it is made of what the pack tells everybody, and of nothing else.
- Addresses are those of this server without its name: whoever reads the page knows where it came from.
- What is no product (a pallet) is not described.

    described(pack, "/lotto/01/09520001000011/10/P-7", [])  ->  {"@type": ["Product", "gs1:Product"], "name": …}

JSON-LD 1.1, section 7 (in HTML); schema.org `Product`, `Certification`; GS1 Web Vocabulary.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from api.pages.consumer.figures import country
from exporters.facts.pack import Certificate, Pack
from schemas.master.validity import day as read_day

_DAYS = ("gs1:harvestDateStart", "gs1:harvestDateEnd", "gs1:productionDate", "gs1:bestBeforeDate", "gs1:expirationDate")
CONTEXT: list[Any] = [
    "https://schema.org",
    {
        "gs1": "https://ref.gs1.org/voc/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        **{term: {"@type": "xsd:date"} for term in _DAYS},
    },
]
Tree = dict[str, Any]


def described(pack: Pack, page: str, pictures: Sequence[str]) -> Tree | None:
    """The description; None for what has no GTIN. `page`, `pictures`: their addresses."""
    return {"@context": CONTEXT, **dict(_said(pack, page, pictures))} if pack.gtin else None


def _said(pack: Pack, page: str, pictures: Sequence[str]) -> Iterator[tuple[str, Any]]:
    yield "@id", pack.subject
    yield "@type", ["Product", "gs1:Product"]
    yield "url", page
    yield "name", pack.product or pack.gtin
    yield "gtin", pack.gtin
    if pack.sort == "lot":
        yield "gs1:hasBatchLotNumber", pack.code
    if pack.brand:
        yield "brand", {"@type": "Brand", "name": pack.brand}
    if pack.maker:
        yield "manufacturer", {"@type": "Organization", "name": pack.maker}
    if country(pack.origin):
        yield "gs1:countryOfOrigin", {"@type": "gs1:Country", "gs1:countryCode": pack.origin}
    if pictures:
        yield "image", list(pictures)
    yield from _days(pack)
    if pack.certificates:
        yield "hasCertification", [_certificate(each) for each in pack.certificates]


def _days(pack: Pack) -> Iterator[tuple[str, str]]:
    """Days that are such: what a member wrote otherwise is on the page alone."""
    first, last = pack.harvested or (None, None)
    stated = (read_day(text[:10]) for text in (pack.before, pack.expires))
    for term, found in zip(_DAYS, (first, last, pack.made_on, *stated), strict=True):
        if found is not None:
            yield term, found.isoformat()


def _certificate(found: Certificate) -> Tree:
    said = {
        "@type": "Certification",
        "name": found.scheme,
        "certificationIdentification": found.number,
        "issuedBy": {"@type": "Organization", "name": found.body},
    }
    return said | ({"expires": found.ends} if found.ends else {})
