"""The addresses of packs: `/lotto/01/{gtin}/10/{lot}`, and beside it its proof and its members' pictures.

- A path is read as it was sent: what is escaped in it is a part of the code (`A%2FB`).
- The path behind the room's own is a GS1 Digital Link without its domain: lots, items and logistic units.

    page_of("https://id.gs1.org/01/09520001000011/10/P-7")  ->  "/lotto/01/09520001000011/10/P-7"
"""

from schemas.errors import InputError
from schemas.gs1.canonical import tagged_object
from schemas.gs1.digital_link import CANONICAL_STEM
from schemas.gs1.recognise import recognise

ROOM, PROOF, RECALL, PICTURE = "/lotto/", "/lotto/prova/", "/lotto/richiamo/", "/lotto/immagine/"


def page_of(uri: str) -> str:
    """The page of a canonical URI."""
    return ROOM + uri.removeprefix(f"{CANONICAL_STEM}/")


def proof_of(uri: str) -> str:
    """Where its bundle is."""
    return PROOF + uri.removeprefix(f"{CANONICAL_STEM}/")


def picture_of(uri: str, digest: str) -> str:
    """Where a picture of its page is."""
    return f"{PICTURE}{digest}/{uri.removeprefix(f'{CANONICAL_STEM}/')}"


def subject_of(path: str) -> str:
    """The canonical URI of a lot, unit or item from the path of its Digital Link; `InputError` as `recognise`, and
    `lot-expected` for what names no one thing."""
    link = f"{CANONICAL_STEM}/{path.strip('/')}"
    recognise(link)
    found = tagged_object(link)
    if found is None:
        raise InputError("lot-expected", value=path[:90])
    return found
