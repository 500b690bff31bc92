"""An event as it is read: every identifier as a canonical Digital Link, every standard word bare.

- What is signed and stored stays as sent; this is a copy for the read side, so that a query, a trace and a page find
  one thing under one name, whether it came as a URN or a Digital Link, as `shipping` or as its CBV address.
- Changed are only the members that hold identifiers and words (`places`); further members, times and the text of
  numbers stay, and the tree that was given is not touched.
- Nothing is judged: what is no GS1 identifier and no word of CBV stays as written.

    normalise({"epcList": ["urn:epc:id:sscc:9521234.0000000111"], …})["epcList"] -> ["https://id.gs1.org/00/…"]

CBV 2.0 section 8 (identifiers), 7.1 (words).
"""

from collections.abc import Mapping

from schemas.epcis.event import Path
from schemas.epcis.places import translate
from schemas.epcis.vocabulary import bare
from schemas.gs1.canonical import canonical_uri
from schemas.syntax.json_text import Json


def normalise(event: Mapping[str, Json]) -> dict[str, Json]:
    """A copy of the event with canonical identifiers and bare words; members that do not change are shared."""
    return dict(translate(event, _canonical, _bare))


def _canonical(text: str, path: Path) -> str:
    return canonical_uri(text.strip())


def _bare(code_list: str, text: str, path: Path) -> str:
    return bare(code_list, text) or text
