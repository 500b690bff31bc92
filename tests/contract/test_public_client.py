"""A public client's requests against our running server: the base URL and the credentials are all that changes.

`docs/interoperability.md` says what each request gets and why; its tables are read here and held to what the server
does, so the report is the test. What is refused is sent once more with the mend that the report names, and captured.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contract.postman import Collection
from tests.official import official, official_files, present
from tests.simulator.command_line import ROOT, Shop
from tests.simulator.server import Server, ended

REPORT = ROOT / "docs" / "interoperability.md"
COLLECTION = "gs1/fastnt/EPCIS_2.0.postman_collection.json"
FILES = official_files("gs1/fastnt/tests/v2_0/**/*.*")

# Everything is made before it is asked for, and taken away last.
ORDER = (
    "JSON / Queries / Store Query",
    "JSON / Subscriptions / Subscribe to webhook",
    "XML / Capture request",
    "XML / Capture event with Masterdata",
    "JSON / Capture / Capture request",
    "JSON / Capture / Capture single event",
    "JSON / Capture / Capture request with Masterdata",
    "JSON / Capture / Get Capture Request",
    "Get Events",
    "List Object Events",
    "Query All Events",
    "JSON / Queries / List Custom Queries",
    "JSON / Queries / Get custom query Details",
    "JSON / Queries / Get CustomQuery Events",
    "JSON / Queries / Delete Custom Query",
)


@contextmanager
def client_of(shop: Shop) -> Iterator[tuple[httpx.Client, str]]:
    """`filiera serve` over a new log, and a client that knows only Basic: its password is a token."""
    shop.works("init", "--name", "Cooperativa Sole")
    made = shop("token", "add", "client", "--scope", "capture", "--scope", "query", "--scope", "subscribe")
    with (
        Server.started(shop) as server,
        httpx.Client(auth=("admin", made.out.strip()), timeout=60) as client,
    ):
        yield client, f"{server.url}/epcis"


@pytest.fixture
def collection() -> Collection:
    return Collection.read(official(COLLECTION))


def table(heading: str) -> dict[str, list[str]]:
    """The rows of the report's table below a heading, by their first cell."""
    below = REPORT.read_text("utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in below.splitlines() if line[:1] == "|"]
    return {name: rest for name, *rest in rows[2:]}


def outcome(client: httpx.Client, answer: httpx.Response) -> str:
    """What came of a request, in the report's words: of a capture, what came of its job."""
    status = answer.status_code
    if status == 202:
        job = ended(client, answer.headers["location"])
        assert job["success"] == (not job["errors"])
        if job["success"]:
            return f"202, {len(job['captured'])} captured"
        assert job["captured"] == []
        return f"202, refused: {', '.join(sorted({error['code'] for error in job['errors']}))}"
    tree = answer.json() if answer.content else None
    if answer.is_error:
        assert tree["type"].startswith("epcisException:")
        return f"{status}, {tree['code']}"
    if isinstance(tree, list):
        return f"{status}, {len(tree)} named"
    if isinstance(tree, dict) and tree.get("type") == "EPCISQueryDocument":
        return f"{status}, {len(tree['epcisBody']['queryResults']['resultsBody']['eventList'])} events"
    return str(status)


def test_every_request_in_the_order_of_the_collection(collection: Collection, tmp_path: Path) -> None:
    with client_of(Shop(tmp_path)) as (client, base):
        found = {request.name: outcome(client, request.send(client, base)) for request in collection.requests}
    assert found == {name: row[0] for name, row in table("Requests").items()}
    assert list(found) == list(table("Requests"))
    assert collection.unsendable == ("JSON / Top-Level / New Request",)


def test_every_request_in_an_order_that_makes_sense(collection: Collection, tmp_path: Path) -> None:
    assert sorted(ORDER) == sorted(request.name for request in collection.requests)
    store = collection["JSON / Queries / Store Query"]
    with client_of(Shop(tmp_path)) as (client, base):
        # The collection asks for `CustomQuery` and defines none: it gets its own definition under that name.
        asked = store.send(client, base, body=store.body.replace("UniqueQueryName", "CustomQuery"))
        assert asked.status_code == 201, asked.text
        found = {name: outcome(client, collection[name].send(client, base)) for name in ORDER}
    assert found == {name: row[1] for name, row in table("Requests").items()}


def mended(tree: dict[str, Any]) -> dict[str, Any]:
    """A document of the collection, with the mends that the report names."""
    header = tree["epcisHeader"]
    if "epcisMasterData" not in header:
        tree["epcisHeader"] = {"epcisMasterData": header}
    for event in tree["epcisBody"]["eventList"]:
        event["certificationInfo"] = "https://example.com/certificates/test"
        words = event["persistentDisposition"]["set"]
        words[1:] = [f"https://example.com/dispositions/{word}" for word in words[1:]]
        del event["sensorElementList"][0]["type"]
    return tree


def _typed(text: str) -> str:
    return text.replace('"isA"', '"type"')


def _uri(text: str) -> str:
    return text.replace(">test</certificationInfo>", ">https://example.com/certificates/test</certificationInfo>")


def _document(text: str) -> str:
    return json.dumps(mended(json.loads(text)))


MENDS: dict[str, tuple[Callable[[str], str], str]] = {
    "XML / Capture event with Masterdata": (_uri, "202, 1 captured"),
    "JSON / Capture / Capture request": (_document, "202, 1 captured"),
    "JSON / Capture / Capture single event": (_typed, "201"),
    "JSON / Capture / Capture request with Masterdata": (_document, "202, 1 captured"),
}


def test_what_is_refused_is_captured_once_it_is_mended_as_the_report_says(
    collection: Collection, tmp_path: Path
) -> None:
    refused = {
        name
        for name, row in table("Requests").items()
        if collection[name].method == "POST" and (row[1][0] == "4" or "refused" in row[1])
    }
    assert refused == set(MENDS)
    with client_of(Shop(tmp_path)) as (client, base):
        for name, (mend, expected) in MENDS.items():
            request = collection[name]
            assert outcome(client, request.send(client, base, body=mend(request.body))) == expected


def post(client: httpx.Client, base: str, file: Path, data: bytes) -> httpx.Response:
    """A document to `/capture`, an event by itself to `/events`."""
    kind = "application/xml" if file.suffix == ".xml" else "application/json"
    version = {"GS1-EPCIS-Version": "1.2"} if b'schemaVersion="1.2"' in data else {}
    place = "events" if file.parent.name == "Events" else "capture"
    return client.post(f"{base}/v2_0/{place}", content=data, headers={"Content-Type": kind, **version})


def test_every_file_of_its_tests_as_it_stands_and_without_its_byte_order_mark(tmp_path: Path) -> None:
    found = {}
    with client_of(Shop(tmp_path)) as (client, base):
        for file in (present(parameter.values[0]) for parameter in FILES):
            sent = (file.read_bytes(), file.read_text("utf-8-sig").encode())
            found[f"{file.parent.name}/{file.name}"] = [
                outcome(client, post(client, base, file, data)) for data in sent
            ]
    assert found == {name: row[:2] for name, row in table("Files").items()}


def test_certificates_of_one_and_of_several_are_captured_under_ids_of_their_own(tmp_path: Path) -> None:
    given = [present(parameter.values[0]) for parameter in FILES]
    files = [file for file in given if "_StringCert" in file.name]
    assert len(files) == 4
    with client_of(Shop(tmp_path)) as (client, base):
        for place, file in enumerate(files):
            text = file.read_text("utf-8-sig")
            own = re.sub(r'"eventID": "[^"]*"', f'"eventID": "urn:uuid:0b1c5f0e-0000-4000-8000-{place:012d}"', text)
            assert outcome(client, post(client, base, file, own.encode())) == "201"


def test_every_code_of_the_report_has_its_message() -> None:
    messages = (ROOT / "docs" / "messages.md").read_text("utf-8")
    cells = [cell for heading in ("Requests", "Files") for row in table(heading).values() for cell in row[:2]]
    codes = {code for cell in cells for code in re.findall(r"\b[a-z]+(?:-[a-z]+)+\b", cell)}
    assert codes
    for code in codes:
        assert f"## `{code}`" in messages
