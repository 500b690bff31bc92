"""The words of CBV 2.0 and of GS1's Web Vocabulary that EPCIS names, in every spelling they come in.

- In JSON a standard word stands bare (`shipping`); XML and older texts spell it as a URN
  (`urn:epcglobal:cbv:bizstep:shipping`) or an address (`https://ref.gs1.org/cbv/BizStep-shipping`, `cbv:…`).
- A spelling inside CBV's own namespaces that names no word of the list is unknown, and refused at unsigned capture. An
  address that is wrong in the case of its letters alone (`Bizstep-shipping`) is nobody's word, and yet no secret: GS1's
  own examples have some, so it is captured as it stands, with a warning (`miswritten`, docs/adr/0033).
- Anybody else's URI is a word of theirs, and not ours to judge. So are words under `gs1:`: the Web Vocabulary grows
  by itself, and official examples use types that the list of 2022 does not hold.

    bare("biz_steps", "urn:epcglobal:cbv:bizstep:shipping")  ->  "shipping"

GS1 CBV 2.0 sections 7 (standard vocabularies) and 7.1.1 (the spellings).
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal

from schemas.epcis.event import EventDict, Problem, pointer
from schemas.epcis.terms import CODE_LISTS, PREFIXES
from schemas.lists.table import rows

SHOWN_WHOLE = 14  # a list up to this many words is shown whole in a sentence
Spelling = Literal["bare", "urn", "iri"]

# The addresses that stand, or once stood, for the prefixes `cbv:` and `gs1:`.
_NAMESPACES = {
    "cbv": ("cbv:", "https://ref.gs1.org/cbv/", "https://ns.gs1.org/cbv/", "http://ns.gs1.org/cbv/"),
    "gs1": (
        "gs1:",
        "https://ref.gs1.org/voc/",
        "https://gs1.org/voc/",
        "http://gs1.org/voc/",
        "https://www.gs1.org/voc/",
        "http://www.gs1.org/voc/",
    ),
}
_CBV_OWN = ("urn:epcglobal:cbv:", *_NAMESPACES["cbv"])
# Members of an event -> code list of their value, or of the members of what they hold.
_PLAIN = (("bizStep", "biz_steps"), ("disposition", "dispositions"))
_LISTED = (
    ("bizTransactionList", "biz_transaction_types"),
    ("sourceList", "source_dest_types"),
    ("destinationList", "source_dest_types"),
)
_SPOKEN = frozenset((*(name for name, _ in (*_PLAIN, *_LISTED)), "persistentDisposition", "errorDeclaration"))
_SPOKEN |= {"sensorElementList"}


@cache
def words(code_list: str) -> tuple[str, ...]:
    """The bare words of a list, in its order; `FileNotFoundError` where there is no such list."""
    return tuple(row["word"] for row in rows(code_list))


@cache
def _spellings(code_list: str) -> Mapping[str, str]:
    known: dict[str, str] = {}
    for row in rows(code_list):
        known[row["word"]] = row["word"]
        if row["urn"]:
            known[row["urn"]] = row["word"]
        local = row["iri"].partition(":")[2]
        known.update((namespace + local, row["word"]) for namespace in _NAMESPACES[CODE_LISTS[code_list]])
    return known


def bare(code_list: str, value: str) -> str | None:
    """The bare word that `value` spells, however it spells it; `None` where it is no word of this list."""
    return _spellings(code_list).get(value)


@cache
def _folded(code_list: str) -> Mapping[str, str]:
    return {spelled.lower(): word for spelled, word in _spellings(code_list).items()}


def nearly(code_list: str, value: str) -> str | None:
    """The word that an address of CBV misses by the case of its letters; None where it spells one, or means none."""
    if not value.startswith(_NAMESPACES["cbv"]) or bare(code_list, value) is not None:
        return None
    return _folded(code_list).get(value.lower())


def spell(code_list: str, value: str, spelling: Spelling) -> str:
    """The word `value` (in any spelling) in the spelling asked for; as written where it is no word of the list."""
    word = bare(code_list, value)
    if word is None or spelling == "bare":
        return word or value
    row = next(row for row in rows(code_list) if row["word"] == word)
    prefix, _, local = row["iri"].partition(":")
    return row["urn"] or value if spelling == "urn" else PREFIXES[prefix] + local


def suggested(code_list: str, value: str) -> str:
    """What to write instead of `value`, for a sentence: a short list whole, of a long one the nearest words."""
    known = words(code_list)
    if len(known) <= SHOWN_WHOLE:
        return ", ".join(known)
    near = get_close_matches(value.rpartition(":")[2].rpartition("-")[2][:80].lower(), known, 5, 0.5)
    return ", ".join([*(near or known[:5]), "…"])


def is_own(value: str) -> bool:
    """Whether `value` claims to be a word of CBV by standing in one of its namespaces."""
    return value.startswith(_CBV_OWN)


def problems(event: EventDict) -> list[Problem]:
    """Words that claim to be CBV's and are not, also where the schema does not look."""
    if _SPOKEN.isdisjoint(event):
        return []
    found: list[Problem] = []
    for path, code_list, value in spoken(event):
        word = bare(code_list, value)
        if word is not None or (":" in value and not is_own(value)) or nearly(code_list, value) is not None:
            continue
        member = pointer(*path)
        context = {"member": member, "value": value[:80], "allowed": suggested(code_list, value)}
        found.append(Problem("unknown-word", None, member, context))
    return found


def miswritten(event: EventDict) -> list[Problem]:
    """Addresses of CBV whose letters have the wrong case, each with the word that must be meant."""
    found: list[Problem] = []
    for path, code_list, value in spoken(event):
        word = nearly(code_list, value)
        if word is not None:
            member = pointer(*path)
            context = {"member": member, "value": value[:80], "word": word}
            found.append(Problem("word-letter-case", None, member, context))
    return found


def spoken(event: EventDict) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Every text of the event that stands where CBV words do: its path, the code list, and itself."""
    for name, code_list in _PLAIN:
        value = event.get(name)
        if isinstance(value, str):
            yield (name,), code_list, value
    for name, code_list in _LISTED:
        yield from _typed(event.get(name), name, code_list)
    persistent = event.get("persistentDisposition")
    if isinstance(persistent, dict):
        for name in ("set", "unset"):
            yield from _texts(persistent.get(name), ("persistentDisposition", name))
    declaration = event.get("errorDeclaration")
    if isinstance(declaration, dict) and isinstance(reason := declaration.get("reason"), str):
        yield ("errorDeclaration", "reason"), "error_reasons", reason
    yield from _components(event.get("sensorElementList"))


def _typed(items: Any, name: str, code_list: str) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    for position, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict) and isinstance(value := item.get("type"), str):
            yield (name, position, "type"), code_list, value


def _texts(items: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    for position, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, str):
            yield (*path, position), "dispositions", item


def _components(elements: Any) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    for position, element in enumerate(elements if isinstance(elements, list) else ()):
        reports = element.get("sensorReport") if isinstance(element, dict) else None
        for number, report in enumerate(reports if isinstance(reports, list) else ()):
            if isinstance(report, dict) and isinstance(value := report.get("component"), str):
                yield ("sensorElementList", position, "sensorReport", number, "component"), "components", value
