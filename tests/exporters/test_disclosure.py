"""What an audience may not see is nowhere in its files: every byte is read, of every part packed or encoded in them.

What is hidden is not listed here: it is all that the ledger shows in full and not in the audience's own bundle."""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

import pikepdf
import pytest

from api.verbs.credential import credential
from api.verbs.export_bundle import export_bundle
from exporters.catalogue import FORMATS
from exporters.verify_file import bundles_of
from ledger.audience import AUDIENCES, full
from ledger.readside.named import named
from schemas.errors import InputError
from schemas.syntax import base64url
from tests.exporters.papers import made
from tests.exporters.readers import words
from tests.simulator.animals import CHEESE_LOT, EGG_LOT, FILLET_LOT, PEACH_LOT
from tests.simulator.paperwork import COOP, LOT, Season

ABOUT = {"eu-animal": CHEESE_LOT, "eu-fish": FILLET_LOT, "eu-eggs": EGG_LOT, "eu-produce": PEACH_LOT}
NOTE = f"urn:epcglobal:cbv:bt:{COOP}:DDT-2026-1"
OF_A_NOTE = ("ubl-despatch", "ddt-agid", "ddt", "desadv")
LEAST, DEEPEST = 6, 12
"""Characters of a text that is looked for; what is packed in what is packed."""
_WORD = re.compile("[a-z]+")
"""Words of vocabularies, which say nothing of anybody and stand in every file."""
_ENCODED = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
QUICK = ("ddt", "eu-one-step")


def everything(data: bytes, depth: int = 0) -> Iterator[bytes]:
    """The bytes, and those of all that is packed or encoded in them."""
    yield data
    if depth == DEEPEST:
        return
    for part in _parts(data):
        yield from everything(part, depth + 1)


def _parts(data: bytes) -> Iterator[bytes]:
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (name.encode() for name in archive.namelist())
            yield from (archive.read(name) for name in archive.namelist())
    elif data.startswith(b"%PDF-"):
        with pikepdf.open(io.BytesIO(data)) as opened:
            yield from (each.read_bytes() for each in opened.objects if isinstance(each, pikepdf.Stream))
            yield opened.docinfo.unparse(resolved=True)
        yield words(data).encode()
    else:
        for found in _ENCODED.finditer(data):
            text = found[0].rstrip(b"=").replace(b"+", b"-").replace(b"/", b"_").decode()
            try:
                yield base64url.decode(text)
            except InputError:
                continue


def values(bundle: bytes) -> set[str]:
    """Every text and long number that a bundle discloses."""
    disclosed = (
        json.loads(base64url.decode(each)) for entry in json.loads(bundle)["entries"] for each in entry["disclosures"]
    )
    told = {text for _, *said in disclosed for text in _texts(said[-1])}
    return {text for text in told if len(text) >= LEAST and not _WORD.fullmatch(text)}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, float):
        yield str(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def file_for(season: Season, name: str, to: str) -> bytes:
    lot = ABOUT.get(name.removesuffix("-csv"), LOT)
    if FORMATS[name].issued is not None:
        asked: dict[str, Any] = {"audience": full(), "to": AUDIENCES[to](), "language": "it"}
        return credential(season.node, lot, format=name, member=season.members[0], **asked).data
    if name in OF_A_NOTE:
        return made(season, name, document=NOTE, to=to).data
    if name == "template":
        return made(season, name, lot, to=to, profile="portal-lots").data
    return made(season, name, lot, to=to).data


def hidden_in(season: Season, data: bytes) -> set[str]:
    """What the full history of a file's lots says, and its own bundles do not, nor anything that holds it."""
    shown: set[str] = set()
    known: set[str] = set()
    for bundle in bundles_of(data):
        shown |= values(bundle)
        asked: dict[str, Any] = {"direction": "both", "audience": full(), "naming": named(season.node, full())}
        whole = export_bundle(season.node, json.loads(bundle)["subject"], **asked)
        known |= values(whole)
    clear = "\n".join([*shown, *(bundle.decode() for bundle in bundles_of(data))])
    return {text for text in known if text not in clear}


@pytest.mark.parametrize("to", ["buyer", "public"])
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.long) for name in FORMATS]
)
def test_what_is_hidden_is_in_no_byte_of_the_file(farmyard: Season, name: str, to: str) -> None:
    try:
        data = file_for(farmyard, name, to)
    except InputError as error:
        # What an audience may not see was needed, or asked for: then there is no file, and nothing in it.
        if error.code not in ("export-missing", "despatch-unknown"):
            raise
        return
    hidden = hidden_in(farmyard, data)
    assert hidden
    found = b"\0".join(everything(data))
    assert [text for text in hidden if text.encode() in found] == []
    assert b"ver=CBV2.0" not in found


@pytest.mark.parametrize("name", QUICK)
def test_every_byte_is_read(farmyard: Season, name: str) -> None:
    """The same reader finds all that is hidden from a buyer in the file of who sees it whole."""
    hidden = hidden_in(farmyard, file_for(farmyard, name, "buyer"))
    found = b"\0".join(everything(file_for(farmyard, name, "full")))
    missed = {text for text in hidden if text.encode() not in found}
    assert len(missed) < len(hidden) / 2
    assert b"44.23" in found
