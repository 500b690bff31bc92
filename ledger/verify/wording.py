"""An account as lines for people, in Italian or English: what holds, what does not, and why.

A file names its own subject and log, so what it says is shown without control characters: a terminal would obey them.

print("\\n".join(lines(account, "it")))
"""

from collections.abc import Iterator

from ledger.verify.account import Account
from schemas.wording import Language, sentence

MARKS = {"yes": "+", "no": "!", "not_shown": "?"}
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
        for reason in account.because(verdict):
            yield f"      {reason.text(language)}"
