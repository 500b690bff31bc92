"""The one protocol of a format: what it is, who asks for it, what it needs, what it says, and what it cannot say.

- `content` is a pure function of `Paper` (facts, profile, language): writing and checking call the same one, so they
  cannot drift. What it gives is written and compared by the format's kind of file.
- `missing` is asked first. Nothing is written while it names anything: never a silent blank.
- `losses` says what events hold and this format has no place for.
- Formats register themselves in `exporters.catalogue`; a test holds each to be documented and validated.

    FORMAT = Format("epcis-json", json_file.KIND, "application/ld+json", "jsonld", direction="both", …)

FORMATS sections 2 and 4; docs/spec/paper.md; docs/formats.md.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from exporters.claim import Claim
from exporters.facts.history import Facts
from exporters.files.kind import FileKind
from ledger.bundle import Direction
from ledger.verify.account import Opinion
from schemas.epcis.event import Problem
from schemas.errors import InputError
from schemas.gs1.digital_link import CANONICAL_STEM
from schemas.wording import Language

C = TypeVar("C")
Who = Literal["recorder", "master", "office", "holder"]
"""Who can fill it: who records the event; who keeps master data; the office; who made the bundle, and showed less."""
MOST_SAID = 200
ISSUED = "issued"
"""The verdict over a signature on the file itself."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What one buyer asks of a format beyond it, as data. `options` are the format's own to read. `text`: the whole
    file of a template, which travels in the claim."""

    name: str = "standard"
    format: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""

    def link(self, uri: str) -> str:
        """The Digital Link of an object (canonical URI) under the resolver that is named, or GS1's; empty where GS1 has
        none for it."""
        stem = str(self.options.get("resolver", CANONICAL_STEM)).rstrip("/")
        return stem + uri[len(CANONICAL_STEM) :] if uri.startswith(f"{CANONICAL_STEM}/") else ""


STANDARD = Profile()


@dataclass(frozen=True, slots=True)
class Paper:
    """What a paper is made from: the facts of each bundle, in order, for which profile, in which language; `document`:
    the one business document (its URI) that the paper is of, where it is of one and bundles tell of several; `files`:
    those that are at hand of what entries sign by digest (`exporters.facts.filed`)."""

    facts: Sequence[Facts]
    profile: Profile
    language: Language
    document: str = ""
    files: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """One data element that a format wants: its name (a key of `schemas/words.toml`), from where it comes."""

    element: str
    source: str
    who: Who


@dataclass(frozen=True, slots=True)
class Missing:
    """A data element that is not there: for what (a lot, place, party: its URI), in which entry, who fills it."""

    element: str
    about: str
    who: Who
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """What this format cannot carry: a code with the values of its sentence, and the entry it is in."""

    code: str
    index: int | None = None
    context: Mapping[str, Any] = field(default_factory=dict, hash=False)


class MissingData(InputError):
    """`export-missing`: what a format needs and bundles do not say, each with who can fill it. Nothing was written."""

    def __init__(self, format: str, missing: tuple[Missing, ...]) -> None:
        super().__init__("export-missing", format=format, count=len(missing))
        self.missing = missing


def _none(_: Paper) -> Iterator[Any]:
    return iter(())


def _sound(_: bytes) -> Sequence[Problem]:
    return ()


@dataclass(frozen=True, slots=True)
class Format(Generic[C]):
    """One format. `asked_by`: a code whose sentence says who asks for it, and why. `direction`: which history it
    needs. `single`: of one bundle only. `of_note`: it is of one delivery note, and wants to be told of all that went
    under it. `takes_files`: it holds files that entries sign by digest. `validator`:
    what a test holds its files against; `judge`: what our own rules say of a file, where they say anything.
    `issued`: of a format whose files a member signs, the verdict over the signature and whose it is; such a format
    is not exported but issued."""

    name: str
    kind: FileKind[C]
    media_type: str
    suffix: str
    direction: Direction
    asked_by: str
    validator: str
    content: Callable[[Paper], C]
    needs: tuple[Need, ...] = ()
    missing: Callable[[Paper], Iterator[Missing]] = _none
    losses: Callable[[Paper], Iterator[Loss]] = _none
    single: bool = False
    of_note: bool = False
    takes_files: bool = False
    issued: Callable[[Paper, Claim, bytes], Opinion] | None = None
    judge: Callable[[bytes], Sequence[Problem]] = _sound

    def check(self, paper: Paper) -> None:
        """`MissingData` where anything is missing; `InputError("export-single")` of several bundles for one."""
        if self.single and len(paper.facts) != 1:
            raise InputError("export-single", format=self.name, count=len(paper.facts))
        lacking: dict[Missing, None] = {}
        for each in self.missing(paper):
            if len(lacking) < MOST_SAID:
                lacking[each] = None
        if lacking:
            raise MissingData(self.name, tuple(lacking))
