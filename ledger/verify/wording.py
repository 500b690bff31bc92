"""An account as lines for people, in Italian or English: what holds, what does not, and why.

A file names its own subject and log, so what it says is shown without control characters: a terminal would obey them.

print("\\n".join(lines(account, "it")))
"""

from collections.abc import Iterator, Sequence

from ledger.verify.account import Account, Reason
from schemas.wording import Language, catalogue, sentence

MARKS = {"yes": "[ok]", "no": "[NO]", "not_shown": "[ ?]"}
RESULTS = {0: "file-valid", 1: "file-not-valid", 2: "file-undecided"}


def lines(account: Account, language: Language) -> Iterator[str]:
    """The result first, then what it is about, then each verdict with its reasons."""
    for line in _lines(account, language):
        yield "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line)


def _lines(account: Account, language: Language) -> Iterator[str]:
    yield sentence(RESULTS[account.exit_code], {}, language)
    if account.subject is not None:
        yield sentence("account-subject", {"subject": account.subject, "entries": account.entries}, language)
    for log in account.logs:
        code = "account-log-known" if log.known else "account-log-unknown"
        yield sentence(code, {"origin": log.origin, "size": log.size, "fingerprint": log.fingerprint}, language)
    for verdict, answer in account.verdicts.items():
        yield f"  {MARKS[answer]} {sentence(f'verdict-{verdict}'.replace('_', '-'), {}, language)}"
        for text in _reasons(account.because(verdict), language):
            yield f"      {text}"


def _reasons(reasons: Sequence[Reason], language: Language) -> Iterator[str]:
    """The sentences of one verdict; the same about several entries is said once, with all of them named."""
    groups: dict[tuple[str, str], list[Reason]] = {}
    for reason in reasons:
        groups.setdefault((reason.code, repr(sorted(reason.context.items()))), []).append(reason)
    for (code, _), alike in groups.items():
        indexes = sorted({reason.index for reason in alike if reason.index is not None})
        named = {"index": _ranges(indexes)} if indexes else {"index": None}
        text = sentence(code, {**named, **alike[0].context}, language)
        unnamed = indexes and "{index}" not in catalogue(language).get(code, {}).get("what", "")
        yield sentence("reason-at-entry", {**named, "text": text}, language) if unnamed else text


def _ranges(indexes: Sequence[int]) -> str:
    """Rising numbers as people write them: `11–14, 16`."""
    runs: list[list[int]] = []
    for index in indexes:
        if runs and index == runs[-1][-1] + 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
