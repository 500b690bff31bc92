"""Every official and OpenEPCIS document in XML that is valid by its schema goes in over HTTP and comes back equal.

Each is captured into a store that holds nothing else and asked for again as XML and as JSON, with identifiers and words
as they were sent. Both are read as any document is: less `recordTime`, and an `eventID` that was not sent, each event
is what was sent. Which documents are refused though their schema takes them stands, with the reasons, in
`tests/ledger/capture/test_xml_document.py`.
"""

from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree

from schemas.epcis.document import read_any
from schemas.epcis.event import split, with_context
from schemas.epcis.namespaces import namespaces
from tests.contract.test_documents_over_http import client as client
from tests.contract.test_documents_over_http import founded as founded
from tests.contract.test_documents_over_http import less
from tests.contract.test_documents_over_http import node as node
from tests.ledger.capture.test_xml_document import REFUSED, valid, verdict
from tests.official import DATA, official, official_files, present
from tests.simulator.server import ended

pytestmark = pytest.mark.long

OPENEPCIS = "gs1/openepcis-test-resources"
FILES = official_files(
    "gs1/gs1-epcis/XML/**/*.xml",
    f"{OPENEPCIS}/2.0/EPCIS/XML/Capture/**/*.xml",
    f"{OPENEPCIS}/2.0/EPCIS/XML/Query/**/*.xml",
    f"{OPENEPCIS}/1.2/EPCIS/XML/Capture/Documents/*.xml",
)
HEADER = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
AS_SENT = {"GS1-EPC-Format": "Never_Translates", "GS1-CBV-XML-Format": "Never_Translates"}


@pytest.mark.parametrize("file", FILES)
def test_what_the_schema_takes_comes_back_as_it_was_sent_and_all_else_is_refused(
    client: httpx.Client, file: Path
) -> None:
    data = present(file).read_bytes()
    problems = sent_over(client, data)
    assert bool(problems) == (verdict(file) != "taken")
    if problems:
        assert valid(file) is not True or str(file.relative_to(DATA / "gs1")) in REFUSED
        assert {problem["type"] for problem in problems} == {"epcisException:ValidationException"}
        assert verdict(file) in {problem["code"] for problem in problems}
        return
    sent = events_of(data, "application/xml")
    for form in ("application/xml", "application/ld+json"):
        back = returned(client, form)
        assert len(sent) == len(back)
        for before, after in zip(sent, back, strict=True):
            assert less(after, before) == less(before, before)
            assert after["eventID"]
            assert after["recordTime"]


def test_of_those_the_schema_takes_two_are_refused() -> None:
    official("gs1/gs1-epcis/XML")
    taken = {file for parameter in FILES if (file := parameter.values[0]) and verdict(file) == "taken"}
    sound = {parameter.values[0] for parameter in FILES if valid(parameter.values[0])}
    assert (len(taken), len(sound)) == (80, 68)
    # A wrong check digit, and a query, which holds no events.
    assert {file.name for file in sound - taken} == {"queryDocument.xml", "SimpleEventQuery.xml"}


def sent_over(client: httpx.Client, data: bytes) -> list[dict[str, Any]]:
    """Capture a document, or an event by itself; the problems it was refused with."""
    bare = etree.QName(etree.fromstring(data)).localname.endswith("Event")
    answer = client.post(
        f"/epcis/{'events' if bare else 'capture'}", content=data, headers={"Content-Type": "text/xml"}
    )
    if answer.status_code == 202:
        errors: list[dict[str, Any]] = ended(client, answer.headers["location"])["errors"]
        return errors
    assert answer.status_code in (201, 400), answer.text
    return [] if answer.status_code == 201 else [answer.json()]


def returned(client: httpx.Client, form: str) -> list[dict[str, Any]]:
    """Every event that is there, as it is given back in a form."""
    answer = client.get("/epcis/events", params={"perPage": 1000}, headers={**AS_SENT, "Accept": form})
    assert answer.status_code == 200, answer.text
    assert "next" not in answer.links
    return events_of(answer.content, form)


def events_of(data: bytes, media_type: str) -> list[dict[str, Any]]:
    """The events of a document as any form is read, each with what its prefixes stand for in place of its context.

    The prefix of the document's header is left out: the header is no event's, and is not given back.
    """
    found = read_any(data, media_type)
    assert found.problems == ()
    sent = split(found.tree)
    whole = [with_context(sent.context, event) for event in sent.events if isinstance(event, dict)]
    return [{**event, "@context": _prefixes(event["@context"])} for event in whole]


def _prefixes(context: Any) -> dict[str, str]:
    return {prefix: uri for prefix, uri in namespaces(context).items() if uri != HEADER}
