"""JSON-LD is real: read with our context, official documents say the RDF that the published context makes them say.

- An independent JSON-LD processor (pyld) expands; canonical N-Quads (URDNA2015) are compared as text.
- The loader answers a handful of addresses from memory and refuses every other, so no test can reach the network.
- The official Turtle was made by other programs in the days of the `original` revision: it is an oracle of its own.

JSON-LD 1.1 API sections 5 and 8; RDF Dataset Canonicalization; RDF 1.1 Concepts section 3.6 (graph isomorphism).
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rdflib
import rdflib.compare
from pyld import jsonld

from schemas.epcis.context import ADDRESSES, REVISIONS, Revision, context
from tests.official import DATA, official, official_files, present

EXAMPLES = "gs1/gs1-epcis"
SIMPLE = f"{EXAMPLES}/JSON-simple-context"
DOCUMENTS = official_files(
    f"{EXAMPLES}/JSON/**/*.jsonld", f"{SIMPLE}/**/*.jsonld", "gs1/openepcis-test-resources/**/*.json*"
)
PUBLISHED: dict[Revision, str] = {
    "original": "ref.gs1.org-2.0.0-original",
    "current": "ref.gs1.org-2.0.0-current",
    "unversioned": "ref.gs1.org-unversioned",
}
# What the documents name as their context; whatever the address, the test says which text stands there.
NAMED = {
    *ADDRESSES,
    "https://gs1.github.io/EPCIS/epcis-context-simple.jsonld",
    "https://ref.gs1.org/standards/epcis/2.0.0/query-schema.json",
}
Text = dict[str, Any]


def offline(text: Text) -> Callable[[str, Text], Text]:
    """A document loader that knows one text under the addresses above, and nothing else."""

    def load(address: str, _: Text) -> Text:
        assert address in NAMED, f"a test must not fetch {address}"
        return {
            "contextUrl": None,
            "documentUrl": address,
            "document": text,
            "contentType": "application/ld+json",
        }

    return load


def published(revision: Revision) -> Text:
    loaded: Text = json.loads(official(f"gs1/contexts/epcis-context.{PUBLISHED[revision]}.jsonld").read_text("utf-8"))
    return loaded


def rdf(document: Path, text: Text) -> str:
    """Canonical N-Quads of a document, or `refused: ` with the code of JSON-LD that says why there are none."""
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": offline(text)}
    try:
        return str(jsonld.normalize(json.loads(present(document).read_text("utf-8")), options))
    except jsonld.JsonLdError as error:
        return f"refused: {first(error).code}"


def first(error: BaseException) -> Any:
    """What pyld met first, below the layers it reports it through."""
    return first(error.__cause__) if isinstance(error.__cause__, jsonld.JsonLdError) else error


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_our_context_makes_every_official_document_say_what_the_published_one_does(
    document: Path, revision: Revision
) -> None:
    assert rdf(document, context(revision)) == rdf(document, published(revision))


FULL = "gs1-epcis/JSON/WithFullCombinationOfFields/transformation_event_all_possible_fields.jsonld"
# Documents that are no JSON-LD under a revision: they give a name that it protects (`cbvmda`, `gs1`) another meaning.
REDEFINING: dict[Revision, set[str]] = {
    "original": {FULL},
    "current": {
        FULL,
        *(
            f"gs1-epcis/{folder}/WithSensorData/SensorDataExample{n}.jsonld"
            for folder in ("JSON", "JSON-simple-context")
            for n in (10, 13)
        ),
    },
    "unversioned": set(),
}
# Documents without a statement: one names no context (and is invalid EPCIS), two are queries and not events.
SILENT = {
    f"openepcis-test-resources/2.0/EPCIS/JSON/{name}.json"
    for name in (
        "Capture/Invalid/EPCISDocument_without_context",
        "Query/Queries/SimpleEventQuery",
        "Query/Queries/Invalid/Query_with_invalid_values",
    )
}


@pytest.mark.parametrize("revision", REVISIONS)
def test_all_documents_but_those_named_here_have_rdf(revision: Revision) -> None:
    official("gs1/openepcis-test-resources")
    said = {
        str(param.values[0].relative_to(DATA / "gs1")): rdf(param.values[0], context(revision)) for param in DOCUMENTS
    }
    assert len(said) == 36 + 35 + 50
    refused = {name: text for name, text in said.items() if text.startswith("refused")}
    assert refused == dict.fromkeys(REDEFINING[revision], "refused: protected term redefinition")
    assert {name for name, text in said.items() if not text} == SILENT


def turtle(document: Path) -> Path:
    beside = document.relative_to(DATA / SIMPLE).with_suffix(".ttl")
    return official(f"{EXAMPLES}/Turtle/{beside}")


def graph(text: str, form: str, monkeypatch: pytest.MonkeyPatch) -> rdflib.compare.IsomorphicGraph:
    """A graph whose literals keep their text: not even `1.0` and `1.00` of a type count as one here."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    return rdflib.compare.to_isomorphic(rdflib.Graph().parse(data=text, format=form))


def test_the_two_texts_of_one_address_differ_in_what_gs1_means_and_in_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = official(f"{EXAMPLES}/JSON/WithSensorData/SensorDataExample3.jsonld")
    original, current = (rdf(document, context(revision)) for revision in ("original", "current"))
    assert "<https://gs1.org/voc/Temperature>" in original
    moved = original.replace("https://gs1.org/voc/", "https://ref.gs1.org/voc/")
    assert graph(original, "nt", monkeypatch) != graph(current, "nt", monkeypatch)
    assert graph(moved, "nt", monkeypatch) == graph(current, "nt", monkeypatch)


def mda(quads: str) -> str:
    """Made before the context had the prefix `cbvmda`, so that `cbvmda:lotNumber` was taken for a URI as it stood."""
    return quads.replace("<urn:epcglobal:cbv:mda:", "<cbvmda:")


def without_header(quads: str) -> str:
    """Made before the context had terms for who sent a document to whom: three statements are missing."""
    missing = ("instanceIdentifier", "sender", "receiver")
    kept = [
        line
        for line in quads.splitlines(keepends=True)
        if not any(f"<https://ref.gs1.org/epcis/{name}>" in line for name in missing)
    ]
    assert len(quads.splitlines()) - len(kept) == 3
    return "".join(kept)


def old_prefixes(quads: str) -> str:
    """Made with JSON-LD 1.0, where every term is a prefix; in 1.1 one whose IRI ends in a letter is none."""
    quads = quads.replace("<example:", "<https://ns.example.com/epcis")
    for n in (2, 3, 4):
        quads = quads.replace(f"<example{n}:", f"<https://ns.example{n}.com/epcis")
    return mda(quads)


# The four documents whose Turtle says something else, each with what undoes the difference and thereby proves it.
OTHERWISE: dict[str, Callable[[str], str]] = {
    "Example_9.6.1-ObjectEvent-with-pseudo-SBDH-headers": without_header,
    "object_event_all_possible_fields": mda,
    "transformation_event_all_possible_fields": mda,
    "SensorDataExample12": old_prefixes,
}
SIMPLE_DOCUMENTS = official_files(f"{SIMPLE}/**/*.jsonld")


@pytest.mark.parametrize("document", SIMPLE_DOCUMENTS)
def test_the_official_turtle_says_the_same_but_for_four_that_differ_as_described(
    document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = rdf(document, context("original"))
    theirs = graph(turtle(document).read_text("utf-8"), "turtle", monkeypatch)
    undo = OTHERWISE.get(document.stem)
    assert (graph(ours, "nt", monkeypatch) == theirs) is (undo is None)
    if undo is not None:
        assert graph(undo(ours), "nt", monkeypatch) == theirs


def test_there_are_31_that_are_equal() -> None:
    official(SIMPLE)
    names = [param.values[0].stem for param in SIMPLE_DOCUMENTS]
    assert len(names) - len(OTHERWISE) == 31
    assert OTHERWISE.keys() <= set(names)
