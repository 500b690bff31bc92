"""Verify a file that left the house: recognise it by content, take its bundles out, and hold the file against them.

- The name of a file says nothing. A bundle or an evidence file is `ledger.verify`'s; a *paper* carries bundles, and
  each is judged as it stands alone.
- `faithful`: the file says what its bundles say. Its figures are made again from them and compared place by place;
  the differences are named, the first first. It is always demanded of a paper.
- `issued`, of a credential: a key of a member's that may do so signed it, and stands by the bundle.
- Of a series every verdict is the worst that any of its bundles got. It is read a bundle at a time.
  KNOWN LIMIT: the file itself is held; so are the bundles of a spreadsheet, and all that EPCIS in JSON says.

    account = verify_file(data, known=known, require=("complete",))

ARCHITECTURE.md 2 (rule 5) and 3.7; docs/spec/paper.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from exporters import catalogue
from exporters.claim import Claim
from exporters.compare import Difference, shown
from exporters.facts.history import read
from exporters.facts.series import series_of
from exporters.files.kind import FileKind
from exporters.format import ISSUED, STANDARD, MissingData, Paper
from ledger.log.policy import KnownLog
from ledger.verify import recognise
from ledger.verify.account import Account, Answer, Opinion, Reason
from ledger.verify.bundle import verify_bundle
from schemas.errors import InputError, LedgerError

VERDICT = "faithful"
MOST_NAMED = 50
_UNDECIDED = (
    "format-unknown",
    "profile-unknown",
    "paper-set-elsewhere",
    "paper-saved-again",
    "page-of-another-release",
)
_WORST: tuple[Answer, ...] = ("yes", "not_shown", "no")


def verify_file(data: bytes, *, known: Mapping[str, KnownLog], require: Sequence[str] = ()) -> Account:
    """The account of a file's bytes; nothing is raised, whatever they are."""
    kind = next((kind for kind in catalogue.kinds() if kind.recognises(data)), None)
    if kind is None:
        return recognise.verify_file(data, known=known, require=require)
    try:
        claim = kind.claim(data)
    except LedgerError as error:
        return _damaged(error, require)
    accounts = [verify_bundle(bundle, known=known, require=require) for bundle in claim.bundles]
    return _together(accounts, [_faithful(kind, claim, data), *_issued(kind, claim, data)])


def bundles_of(data: bytes) -> Sequence[bytes]:
    """The bundles that a paper carries; none where it is no paper, or cannot be read."""
    kind = next((kind for kind in catalogue.kinds() if kind.recognises(data)), None)
    try:
        return () if kind is None else kind.claim(data).bundles
    except LedgerError:
        return ()


def _faithful(kind: FileKind[Any], claim: Claim, data: bytes) -> Opinion:
    opinion = Opinion(VERDICT)
    try:
        for found in islice(_differences(kind, claim, data), MOST_NAMED):
            context = {"place": found.place, "should": shown(found.expected), "says": shown(found.found)}
            opinion.deny(found.code, **context)
    except MissingData as error:
        first = error.missing[0]
        opinion.deny("paper-says-what-is-missing", element=first.element, about=first.about)
    except InputError as error:
        if error.code in _UNDECIDED:
            opinion.miss(error.code, **error.context)
        else:
            opinion.refuse(error)
    return opinion


def _issued(kind: FileKind[Any], claim: Claim, data: bytes) -> Iterator[Opinion]:
    """Of a format that a member signs, the opinion over that; where the paper cannot be made, `faithful` says why."""
    format = catalogue.FORMATS.get(claim.format)
    if format is None or format.issued is None or format.kind is not kind:
        return
    try:
        yield format.issued(Paper((read(claim.bundles[0]),), STANDARD, claim.language), claim, data)
    except LedgerError as error:
        opinion = Opinion(ISSUED)
        opinion.refuse(error)
        yield opinion


def _differences(kind: FileKind[Any], claim: Claim, data: bytes) -> Iterator[Difference]:
    format, profile = catalogue.format_of(claim.format), catalogue.profile_in(claim)
    if format.kind is not kind:
        raise InputError("paper-of-another-kind", format=format.name)
    paper = Paper(series_of(claim.bundles), profile, claim.language, claim.document, claim.files)
    format.check(paper)
    yield from kind.compare(format.content(paper), claim, data)


def _damaged(error: LedgerError, require: Sequence[str]) -> Account:
    """A paper whose claim cannot be read proves nothing, and is no other file either."""
    opinion = Opinion("authentic")
    opinion.refuse(error)
    verdicts: dict[str, Answer] = {"authentic": "no", VERDICT: "not_shown"}
    lacking = Reason(VERDICT, "paper-not-read", None, {})
    return Account(verdicts, (*opinion.reasons, lacking), frozenset((*require, VERDICT)))


def _together(accounts: Sequence[Account], of_paper: Sequence[Opinion]) -> Account:
    """One account of a series: the worst answer to each question, every reason once, and those about the paper."""
    first = accounts[0]
    names = dict.fromkeys(name for account in accounts for name in account.verdicts)
    verdicts = {
        name: max((account.verdicts.get(name, "not_shown") for account in accounts), key=_WORST.index) for name in names
    }
    reasons = {repr(reason): reason for account in accounts for reason in account.reasons}
    logs = {(log.origin, log.size): log for account in accounts for log in account.logs}
    return replace(
        first,
        verdicts={**verdicts, **{opinion.verdict: opinion.answer for opinion in of_paper}},
        reasons=(*reasons.values(), *(reason for opinion in of_paper for reason in opinion.reasons)),
        demanded=frozenset(name for account in accounts for name in account.demanded)
        | {opinion.verdict for opinion in of_paper},
        subject=first.subject if len(accounts) == 1 else None,
        logs=tuple(logs.values()),
        entries=sum(account.entries for account in accounts),
    )
