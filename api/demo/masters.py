"""Who and what is in the story, as each member keeps it: parties, sites, products, certificates.

- A member keeps itself, its places and what it makes, and whom it deals with; nobody keeps another's fields.
- Whoever holds a pack is shown the municipality of its own places, never of a customer's.
- Everything a paper asks for is there, so that each can be made from the demonstration.
- A member tells of itself in its own words and shows a picture, which its master data names by its digest.

    masters(read_story(), "packer")  ->  [{"type": "party", …}, …]
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from api.demo import identifiers as ids
from api.demo.picture import painted
from schemas.syntax.json_text import Number

FROM = "2025-01-01"
Tree = dict[str, Any]


def masters(story: Tree, name: str) -> list[Tree]:
    """Everything that one member keeps."""
    own, sells = story["members"][name], name != "growers"
    return [
        # The growers deal with both, who do not deal with each other.
        *(_member(story["members"][other]) for other in sorted({name, "growers"} if sells else story["members"])),
        *(_party(other, "retailer") for other in story["customers"] if sells),
        *(_warehouse(other) for other in story["customers"] if sells),
        *(_party(other, "carrier") for other in story["carriers"]),
        _site(own),
        *(_field(story, field) for field in story["fields"] if not sells),
        *(_product(story, product) for product in story["products"] if product["member"] == name),
        *(_certificate(story, found) for found in story["certificates"] if found["member"] == name),
    ]


def _member(member: Tree) -> Tree:
    found = _party(member | {"number": member["gln"], "region": "RA"}, member["role"])
    digest = sha256(own_picture(member)).hexdigest()
    shown = {"sha256": digest, "mediaType": "image/png", "alt": member["picture"]["alt"]}
    return found | {"story": member["story"], "picture": shown}


def own_picture(member: Tree) -> bytes:
    """What a member shows of itself, as a PNG."""
    return painted(member["picture"]["scene"])


def _party(party: Tree, role: str) -> Tree:
    gln = ids.gln(party["prefix"], party["number"])
    return _named("party", f"{ids.DIGITAL_LINK}/417/{gln}", party["name"], gln) | {
        "vatNumber": party["vat"],
        # A company's codice fiscale is the same eleven digits.
        "taxCode": party["vat"].removeprefix("IT"),
        "roles": [role],
        "address": _address(party),
        "contacts": _contacts(party),
    }


def _site(member: Tree) -> Tree:
    name, kind = member["site"]
    found = _place(member["prefix"], member["gln"], name, kind, member["prefix"])
    return found | {"address": _address(member | {"region": "RA"}), "contacts": _contacts(member)} | _at(member)


def _warehouse(customer: Tree) -> Tree:
    gln = ids.gln(customer["prefix"], customer["number"])
    found = _place(customer["prefix"], customer["number"], customer["name"], "distributionCentre", customer["prefix"])
    found.pop("public")
    owner = {"party": f"{ids.DIGITAL_LINK}/417/{gln}"}
    return found | owner | {"address": _address(customer), "contacts": _contacts(customer)}


def _field(story: Tree, field: Tree) -> Tree:
    growers = story["members"]["growers"]
    found = _place(
        growers["prefix"], field["number"], f"{field['grower']}, {field['variety']}", "field", growers["prefix"]
    )
    address = growers | {"region": "RA", "municipality": field["municipality"], "street": f"Località {field['grower']}"}
    address.pop("municipality_code")
    return found | {"address": _address(address), "contacts": _contacts(growers)} | _at(field)


def _place(prefix: str, number: int, name: str, kind: str, owner: str) -> Tree:
    gln = ids.gln(prefix, number)
    said = {"kind": kind, "party": ids.party(owner), "public": True}
    return _named("site", f"{ids.DIGITAL_LINK}/414/{gln}", name, gln) | said


def _product(story: Tree, product: Tree) -> Tree:
    gtin = ids.gtin(story["members"][product["member"]]["prefix"], product["item"])
    size, style, code = product["packaging"]
    found = {
        "type": "product",
        "id": f"{ids.DIGITAL_LINK}/01/{gtin}",
        "validFrom": FROM,
        "name": product["name"],
        "functionalName": product["functional"],
        "commodity": product["commodity"],
        "brand": product.get("brand", story["members"][product["member"]]["name"]),
        "quantityType": "fixed" if "content" in product else "variable",
        "gtins": [{"gtin": gtin, "level": "case" if "content" in product else "unit"}],
        "species": {"scientificName": product["species"]},
        "packaging": {"size": size, "style": style, "packageCode": code},
        "legalCategory": product["legal"],
        "foodTraceabilityList": {"listed": False, "version": "2024-03-01"},
    }
    if "content" in product:
        value, unit = product["content"]
        found["netContent"] = {"value": Number(value), "unit": unit}
    return found


def _certificate(story: Tree, found: Tree) -> Tree:
    return {
        "type": "certificate",
        "id": f"urn:x-filiera-demo:certificate:{found['number']}",
        "validFrom": found["from"],
        "validTo": found["to"],
        "scheme": found["scheme"],
        "number": found["number"],
        "body": {"name": found["body"]},
        "holder": ids.party(story["members"][found["member"]]["prefix"]),
        "scope": {"products": list(_made(story, found["member"]))},
    }


def _made(story: Tree, member: str) -> Iterator[str]:
    for product in story["products"]:
        if product["member"] == member:
            yield f"{ids.DIGITAL_LINK}/01/{ids.gtin(story['members'][member]['prefix'], product['item'])}"


def _named(type: str, id: str, name: str, gln: str) -> Tree:
    return {"type": type, "id": id, "validFrom": FROM, "name": name, "gln": gln}


def _address(found: Tree) -> Tree:
    code = {"municipalityCode": found["municipality_code"]} if "municipality_code" in found else {}
    return {
        "street": found["street"],
        "municipality": found["municipality"],
        "postalCode": found["postal_code"],
        "region": found["region"],
        "country": "IT",
        **code,
    }


def _contacts(found: Tree) -> list[Tree]:
    return [{"role": "recall", "name": "Ufficio qualità", "phone": found["phone"], "email": found["email"]}]


def _at(found: Tree) -> Tree:
    latitude, longitude = found["coordinates"]
    return {"coordinates": {"latitude": Number(latitude), "longitude": Number(longitude)}}
