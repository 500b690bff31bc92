"""Our JSON-LD context of EPCIS 2.0, generated from the table of terms, in the revisions that circulate.

Two texts were published under one address: they differ in what the prefix `gs1` means, which changes the IRI of
every measurement type. A third leaves the terms unprotected. We hold all three, by name, and fetch none.

- `original`: as ratified in 2022, `gs1:` is `https://gs1.org/voc/`.
- `current`: what the address serves today, `gs1:` is `https://ref.gs1.org/voc/`.
- `unversioned`: what the address without a version serves; a document may redefine its terms.

    context("current")["@context"]["eventTime"]["@type"]  ->  "xsd:dateTimeStamp"

GS1 EPCIS 2.0 section 10.3; JSON-LD 1.1 sections 4.1 (scoped contexts) and 4.1.11 (protected terms).
"""

from functools import cache
from typing import Any, Literal, TypeAlias

from schemas.epcis.terms import CLASSES, DOCUMENTS, PREFIXES, TERMS, Term
from schemas.lists.table import rows

Revision = Literal["original", "current", "unversioned"]
REVISIONS: tuple[Revision, ...] = ("original", "current", "unversioned")
Context: TypeAlias = "dict[str, Any]"

# The addresses a document names, each with the revision it stands for.
ADDRESSES: dict[str, Revision] = {
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld": "current",
    "https://ref.gs1.org/standards/epcis/epcis-context.jsonld": "unversioned",
}
_GS1 = {
    "original": "https://gs1.org/voc/",
    "current": "https://ref.gs1.org/voc/",
    "unversioned": "https://ref.gs1.org/voc/",
}


@cache
def context(revision: Revision = "current") -> Context:
    """The whole context as a document with its one member `@context`; shared, so not to be changed."""
    whole: Context = {} if revision == "unversioned" else {"@protected": True}
    whole["@version"] = 1.1
    whole |= PREFIXES | {"gs1": _GS1[revision]}
    whole |= {name: f"epcis:{name}" for name in (*CLASSES, "Collection", *DOCUMENTS)}
    return {"@context": whole | _scope("")}


def _scope(scope: str) -> Context:
    """The terms that hold inside one object (`""`: everywhere)."""
    said = [row for row in TERMS if row.scope == scope and row.iri and not row.implied]
    return {row.name: _definition(row) for row in said}


def _definition(term: Term) -> Any:
    """A term in JSON-LD's own shortest form: the bare IRI where there is nothing else to say."""
    out: Context = {"@id": term.iri}
    if term.rdf:
        out["@type"] = term.rdf
    if term.container:
        out["@container"] = term.container
    inner = _inner(term)
    if inner:
        out["@context"] = inner
    bare = set(out) == {"@id"} and term.name not in _SPELLED_OUT
    return term.iri if bare else out


# The published texts write these two as objects although there is nothing to add; equal in meaning.
_SPELLED_OUT = frozenset({"ilmd", "eventList"})


# Where the words of a code list are said once, around all members of the object that use them.
_WORDS_AROUND = {"persistentDisposition": "dispositions"}


def _inner(term: Term) -> Any:
    """What holds inside the value: the bare words of its code list, or the terms of the object it opens."""
    if not term.opens:
        return _words(term.words) if term.words and term.scope not in _WORDS_AROUND else {}
    opened: Context = {"@protected": True, "epcis": PREFIXES["epcis"], **_scope(term.opens)}
    around = _WORDS_AROUND.get(term.opens)
    return [_words(around), opened] if around else opened


@cache
def _words(name: str) -> Context:
    return {row["word"]: row["iri"] for row in rows(name)}
