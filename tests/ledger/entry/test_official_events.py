"""Every official and OpenEPCIS event becomes an entry and comes back as it was sent, number text included."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.entry.disclose import disclose, paths
from ledger.entry.parse import fully_disclosed, parse_wire, read_wire, with_disclosures
from ledger.lots.movement import movement, objects
from schemas.errors import InputError
from schemas.syntax.json_text import read, write
from tests.ledger.entry.test_issue import issue
from tests.official import official_files, present

DOCUMENTS = official_files("gs1/gs1-epcis/JSON/**/*.json*", "gs1/openepcis-test-resources/**/*.json*")


def events(tree: Any) -> Iterator[dict[str, Any]]:
    """The events of a document, each with the document's context."""
    if not isinstance(tree, dict):
        return
    body = tree.get("epcisBody")
    if isinstance(body, dict) and "queryResults" in body:
        body = body["queryResults"].get("resultsBody", {})
    listed = body.get("eventList", body.get("event")) if isinstance(body, dict) else tree
    for event in listed if isinstance(listed, list) else (listed,):
        if isinstance(event, dict):
            yield {"@context": tree.get("@context"), **event}


@pytest.mark.parametrize("file", DOCUMENTS)
def test_official_events_come_back_as_they_were_sent(file: Path) -> None:
    try:
        tree = read(present(file).read_bytes())
    except InputError:
        return  # not strict JSON: capture says so
    for event in events(tree):
        wire = issue(event)[0]
        entry = parse_wire(wire)
        fully_disclosed(entry)
        assert read_wire(wire).entry[3:] == entry[3:]
        assert entry.content == event
        assert sorted(write(entry.content)) == sorted(write(event))  # type: ignore[arg-type]
        assert objects(event) == objects(entry.content)
        assert movement(event).touched >= set(objects(event))
        part = with_disclosures(entry.jwt.raw, disclose(entry, lambda path: path[-1] == "bizStep"))
        expected = {path[:2] for path in paths(entry) if path[-1] in ("bizStep", "@context", "type")}
        if any(path[-1] == "bizStep" for path in paths(entry)):
            assert set(part.content or ()) == {path[1] for path in expected}


def test_there_are_many_official_events() -> None:
    count = 0
    for param in DOCUMENTS:
        try:
            count += len(list(events(read(present(param.values[0]).read_bytes()))))
        except InputError:
            continue
    assert count >= 100
