"""The official chains of events, mended so that they can be captured: what they say of lots is left as it is.

- An empty `transformationID` is left out. The serial of a short SSCC gets the zeros that its length asks for. An
  eventID that stands twice gets a number.
- The events are put into a document of their own, without the header of the query they were the answer of.

    mended(official("gs1/chains/wholechain-events.jsonld"))
"""

import re
from pathlib import Path
from typing import Any, cast

from schemas.syntax import json_text

_SSCC = re.compile(r"urn:epc:id:sscc:([0-9]+)\.([0-9]+)")
_SSCC_DIGITS = 17


def mended(file: Path) -> bytes:
    """An EPCIS document with the events of a file."""
    tree = cast(dict[str, Any], json_text.read(file.read_bytes()))
    body = tree["epcisBody"]
    events = body["eventList"] if "eventList" in body else body["queryResults"]["resultsBody"]["eventList"]
    seen: dict[str, int] = {}
    document = {
        "@context": tree["@context"], "type": "EPCISDocument", "schemaVersion": "2.0",
        "creationDate": tree["creationDate"], "epcisBody": {"eventList": [_event(event, seen) for event in events]},
    }  # fmt: skip
    return _SSCC.sub(_padded, json_text.write_text(document)).encode()


def _event(event: dict[str, Any], seen: dict[str, int]) -> dict[str, Any]:
    id = event["eventID"]
    seen[id] = seen.get(id, 0) + 1
    left = {name: value for name, value in event.items() if (name, value) != ("transformationID", "")}
    return left if seen[id] == 1 else {**left, "eventID": f"{id}-{seen[id]}"}


def _padded(found: re.Match[str]) -> str:
    prefix, serial = found.groups()
    return f"urn:epc:id:sscc:{prefix}.{serial.zfill(_SSCC_DIGITS - len(prefix))}"
