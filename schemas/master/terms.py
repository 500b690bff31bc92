"""The one table of master data: what each kind holds, what each member's value is, and who asks for it.

`json_schema.py` is generated from it and `judge.py` reads it, so that a member is described once.

- A `Field` is a name with the shape of its value: a plain shape of `shapes.py`, or the name of an `OBJECTS` entry.
- Every kind has `COMMON`: what it is, which thing, and from when to when. `validFrom` and `validTo` are days or
  instants (`validity.py`).
- Names that are absolute URIs are somebody's extensions and are kept as they are; any other name is a mistake.
- *Public*: of a site its municipality, and of a party its `story` and `picture`, are for everybody who holds a pack of
  a published lot (docs/adr/0060-what-a-pack-tells.md). A site is public where its member says so.
- What buyers ask for beyond `required` stands in `schemas.kde`.

    fields("product")["netContent"].shape  ->  "measure"

FORMATS: GS1 Global Data Model names where there are any; FSMA 204 location description; D.Lgs. 190/2006.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

Kind = Literal["party", "site", "product", "certificate"]
KINDS: tuple[Kind, ...] = ("party", "site", "product", "certificate")


@dataclass(frozen=True, slots=True)
class Field:
    """One member. `many`: a list of such values, without repetition. `words`: the only texts allowed."""

    name: str
    shape: str
    required: bool = False
    many: bool = False
    words: tuple[str, ...] = ()


PICTURES = ("image/jpeg", "image/png", "image/webp")


def _must(name: str, shape: str, **more: object) -> Field:
    return Field(name, shape, True, **more)  # type: ignore[arg-type]


COMMON = (
    _must("type", "word", words=KINDS),
    _must("id", "uri"),
    _must("validFrom", "moment"),
    Field("validTo", "moment"),
    Field("withdrawn", "boolean"),
    Field("reason", "text"),
)
_ADDRESS = Field("address", "address")
_ROLES = (
    "producer", "cooperative", "processor", "carrier", "wholesaler", "retailer", "certifier", "laboratory", "authority",
)  # fmt: skip
VESSELS = ("tank", "silo")
SITE_KINDS = (
    "farm", "field", "stable", "boat", "aquaculture", "packhouse", "cellar", "mill", "press", "dairy", "slaughterhouse",
    *VESSELS, "coldStore", "warehouse", "distributionCentre", "shop", "office",
)  # fmt: skip
_LEGAL = (
    "freshProduce", "processedFruitVegetables", "dairy", "meat", "eggs", "fish", "oil", "wine", "cereals", "bakery",
    "honey", "feed", "otherFood", "notFood",
)  # fmt: skip
SCHEMES = (
    "organic", "dop", "igp", "stg", "doc", "docg", "igt", "globalgap", "brcgs", "ifs", "iso22000", "iso22005",
    "fssc22000", "sqnpi", "msc", "asc", "kosher", "halal", "glutenFree", "other",
)  # fmt: skip

OF_KIND: Mapping[Kind, tuple[Field, ...]] = MappingProxyType(
    {
        "party": (
            _must("name", "text"),
            Field("gln", "gln"),
            Field("companyPrefixes", "companyPrefix", many=True),
            Field("vatNumber", "vatNumber"),
            Field("taxCode", "taxCode"),
            Field("ggn", "ggn"),
            Field("fdaRegistration", "fdaRegistration"),
            Field("approvalNumbers", "approvalNumber", many=True),
            Field("roles", "word", many=True, words=_ROLES),
            _ADDRESS,
            Field("contacts", "contact", many=True),
            Field("story", "publicText"),
            Field("picture", "picture"),
        ),
        "site": (
            _must("name", "text"),
            _must("kind", "word", words=SITE_KINDS),
            Field("gln", "gln"),
            Field("parent", "uri"),
            Field("party", "uri"),
            _ADDRESS,
            Field("coordinates", "coordinates"),
            Field("polygon", "polygon"),
            Field("area", "measure"),
            Field("approvalNumbers", "approvalNumber", many=True),
            Field("contacts", "contact", many=True),
            Field("mixing", "mixing"),
            Field("public", "boolean"),
        ),
        "product": (
            _must("name", "text"),
            _must("quantityType", "word", words=("fixed", "variable")),
            Field("gtins", "tradeItem", many=True),
            Field("brand", "text"),
            Field("functionalName", "text"),
            Field("commodity", "text"),
            Field("variety", "text"),
            Field("species", "species"),
            Field("packaging", "packaging"),
            Field("netContent", "measure"),
            Field("legalCategory", "word", words=_LEGAL),
            Field("foodTraceabilityList", "foodTraceabilityList"),
        ),
        "certificate": (
            _must("scheme", "word", words=SCHEMES),
            _must("number", "text"),
            _must("body", "certifier"),
            _must("holder", "uri"),
            Field("scope", "scope"),
            Field("document", "evidence"),
        ),
    }
)
OBJECTS: Mapping[str, tuple[Field, ...]] = MappingProxyType(
    {
        "address": (
            _must("municipality", "text"),
            _must("country", "country"),
            Field("municipalityCode", "municipalityCode"),
            Field("street", "text"),
            Field("postalCode", "text"),
            Field("region", "text"),
        ),
        "contact": (
            _must("role", "word", words=("recall", "quality", "traceability", "sales", "other")),
            Field("name", "text"),
            Field("phone", "phone"),
            Field("email", "email"),
        ),
        "coordinates": (_must("latitude", "latitude"), _must("longitude", "longitude")),
        "measure": (_must("value", "positive"), _must("unit", "unit")),
        "tradeItem": (
            _must("gtin", "gtin"),
            _must("level", "word", words=("unit", "pack", "case", "pallet")),
            Field("contains", "content"),
        ),
        "content": (_must("gtin", "gtin"), _must("count", "positive")),
        "species": (_must("scientificName", "text"), Field("faoCode", "faoCode")),
        "packaging": (Field("size", "text"), Field("style", "text"), Field("packageCode", "packageCode")),
        "foodTraceabilityList": (_must("listed", "boolean"), _must("version", "day"), Field("category", "text")),
        "certifier": (_must("name", "text"), Field("code", "text")),
        "scope": (Field("text", "text"), Field("products", "uri", many=True), Field("sites", "uri", many=True)),
        # By which rule drawings from a tank or silo are followed, and under which names events pour into it.
        "mixing": (_must("rule", "word", words=("cycle", "fifo")), Field("vessels", "uri", many=True)),
        # What a member tells whoever holds a pack: in one language or both, and with a picture that is attached.
        "publicText": (Field("it", "text"), Field("en", "text")),
        "picture": (_must("sha256", "sha256"), _must("mediaType", "word", words=PICTURES), Field("alt", "publicText")),
        "evidence": (_must("sha256", "sha256"), _must("mediaType", "mediaType"), Field("name", "text")),
    }
)


@cache
def fields(of: str) -> Mapping[str, Field]:
    """The members of a kind or of an object, by name; `KeyError` for neither."""
    found = (*COMMON, *OF_KIND[of]) if of in OF_KIND else OBJECTS[of]  # type: ignore[index]
    return MappingProxyType({field.name: field for field in found})
