"""What was checked and what came of it: verdicts, each with its reasons, and the exit status that follows.

- A verdict is `yes`, `no` or `not_shown`; every `no` and `not_shown` has at least one reason, a `yes` may have notes.
- A reason is a code with its values; only the faces turn it into a sentence, in Italian or English.
- Exit 1: a verdict other than `balanced` is `no`, or `balanced` is and was demanded. Exit 2: `authentic`,
  `included`, `keys_valid` or a demanded verdict is not shown. Else 0 (ARCHITECTURE.md 3.7).

*Demanded*: named by `--require`, or `witnessed` where the known log's policy sets a quorum.

    account = verify_bundle(data, known=known)
    account.exit_code, account.verdicts["included"]
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from schemas.errors import LedgerError
from schemas.wording import Language, sentence

Answer = Literal["yes", "no", "not_shown"]
VERDICTS = ("authentic", "included", "keys_valid", "unbroken", "witnessed", "complete", "balanced", "timed")
MOST_REASONS = 20_000
"""Of one verdict and one kind: two for each entry that a bundle may hold."""
ALWAYS_DEMANDED = frozenset({"authentic", "included", "keys_valid"})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict is what it is: a code, the log index it is about (None: the whole bundle), its values."""

    verdict: str
    code: str
    index: int | None = None
    context: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: Language) -> str:
        """The reason as a sentence."""
        return sentence(self.code, {"index": self.index, **self.context}, language)

    def as_json(self, language: Language) -> dict[str, Any]:
        """The reason as `verify --json` prints it."""
        return {"verdict": self.verdict, "code": self.code, "index": self.index, "text": self.text(language)}


@dataclass(slots=True)
class Opinion:
    """One verdict being formed: what contradicts it, what it lacks, and what is worth knowing although it holds."""

    verdict: str
    wrong: list[Reason] = field(default_factory=list)
    lacking: list[Reason] = field(default_factory=list)
    notes: list[Reason] = field(default_factory=list)

    def deny(self, code: str, index: int | None = None, /, **context: Any) -> None:
        """Something contradicts it: the verdict is `no`."""
        _add(self.wrong, Reason(self.verdict, code, index, context))

    def refuse(self, error: LedgerError, index: int | None = None, /) -> None:
        """A check raised: the verdict is `no`, for the check's own code."""
        _add(self.wrong, Reason(self.verdict, error.code, index, error.context))

    def miss(self, code: str, index: int | None = None, /, **context: Any) -> None:
        """Something is not in the bundle: the verdict is `not_shown` unless something contradicts it."""
        _add(self.lacking, Reason(self.verdict, code, index, context))

    def note(self, code: str, index: int | None = None, /, **context: Any) -> None:
        """Something to know that changes no verdict."""
        _add(self.notes, Reason(self.verdict, code, index, context))

    @property
    def answer(self) -> Answer:
        """`no` when contradicted, else `not_shown` when something lacks, else `yes`."""
        return "no" if self.wrong else "not_shown" if self.lacking else "yes"

    @property
    def reasons(self) -> list[Reason]:
        """All reasons, what contradicts first."""
        return [*self.wrong, *self.lacking, *self.notes]


def _add(reasons: list[Reason], reason: Reason) -> None:
    """Keep a reason, unless there are so many that a file made for it would fill the memory."""
    if len(reasons) < MOST_REASONS:
        reasons.append(reason)


@dataclass(frozen=True, slots=True)
class LogSeen:
    """What a bundle says of one log: for display, trusted only where `known`."""

    origin: str
    size: int
    fingerprint: str
    known: bool


@dataclass(frozen=True, slots=True)
class Account:
    """The verdicts of one file with their reasons, and what was demanded of it."""

    verdicts: Mapping[str, Answer]
    reasons: tuple[Reason, ...]
    demanded: frozenset[str] = frozenset()
    subject: str | None = None
    direction: str | None = None
    logs: tuple[LogSeen, ...] = ()
    entries: int = 0

    @property
    def exit_code(self) -> int:
        """0 valid, 1 not valid, 2 cannot tell."""
        denied = {name for name, answer in self.verdicts.items() if answer == "no"}
        if denied - {"balanced"} or "balanced" in denied & self.demanded:
            return 1
        unseen = {name for name in ALWAYS_DEMANDED | self.demanded if self.verdicts.get(name) == "not_shown"}
        return 2 if unseen else 0

    @property
    def valid(self) -> bool | None:
        """True, False, or None when it cannot be told."""
        return {0: True, 1: False, 2: None}[self.exit_code]

    def because(self, verdict: str) -> list[Reason]:
        """The reasons of one verdict."""
        return [reason for reason in self.reasons if reason.verdict == verdict]

    def as_json(self, language: Language) -> dict[str, Any]:
        """The account as `verify --json` prints it."""
        return {
            "valid": self.valid,
            "verdicts": dict(self.verdicts),
            "reasons": [reason.as_json(language) for reason in self.reasons],
            "subject": self.subject,
            "direction": self.direction,
            "entries": self.entries,
            "logs": [
                {"origin": log.origin, "size": log.size, "fingerprint": log.fingerprint, "known": log.known}
                for log in self.logs
            ],
        }


def worst(codes: Iterable[int]) -> int:
    """The exit status for several files: 1 when any is not valid, else 2 when any cannot be told, else 0."""
    found = set(codes)
    return 1 if 1 in found else 2 if 2 in found else 0


def account_of(
    opinions: Iterable[Opinion],
    *,
    demanded: Iterable[str] = (),
    subject: str | None = None,
    direction: str | None = None,
    logs: tuple[LogSeen, ...] = (),
    entries: int = 0,
) -> Account:
    """The account of these opinions; verdicts that nobody formed are `not_shown`."""
    formed = {opinion.verdict: opinion for opinion in opinions}
    verdicts: dict[str, Answer] = {
        name: formed[name].answer if name in formed else "not_shown" for name in (*VERDICTS, *formed)
    }
    reasons = tuple(reason for opinion in formed.values() for reason in opinion.reasons)
    return Account(verdicts, reasons, frozenset(demanded), subject, direction, logs, entries)
