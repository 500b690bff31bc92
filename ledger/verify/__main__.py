"""`filiera-verify.pyz`: the verifier alone, for whoever has Python, `cryptography` and a file to check.

    python filiera-verify.pyz oil.filiera.json --policy cooperative.policy
    python -m ledger.verify oil.filiera.json --policy cooperative.policy --lang it

- Reads the files it is given and nothing else: no folder, no network, no clock.
- Exits 0 when every file is valid, 1 when one is not, 2 when one cannot be told: an unknown log, an unknown format. An
  exported file that is no bundle is never valid here; `filiera verify` takes the bundle out of it.
- Usage errors exit 64.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from ledger.log.policy import KnownLog, known_log
from ledger.verify.account import VERDICTS, Account, worst
from ledger.verify.recognise import verify_file
from ledger.verify.wording import lines
from schemas.errors import InputError
from schemas.wording import Language, explain

EXIT_USAGE = 64


class _Parser(argparse.ArgumentParser):
    """Usage errors exit 64, as sysexits has it; argparse would say 2, which here means "cannot tell"."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(EXIT_USAGE, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the files named on a command line; the exit status."""
    options = _parser().parse_args(arguments)
    language: Language = options.lang
    try:
        known = {log.origin: log for log in map(_policy, options.policy)}
        accounts = [(name, verify_file(_read(name), known=known, require=options.require)) for name in options.files]
    except InputError as error:
        sys.stderr.write(f"filiera-verify: {explain(error, language)} [{error.code}]\n")
        return EXIT_USAGE
    for name, account in accounts:
        sys.stdout.write(_report(name, account, language, as_json=options.json))
    return worst(account.exit_code for _, account in accounts)


def _language() -> Language:
    """The language of the environment, as `filiera` reads it: `FILIERA_LANG`, else `LC_ALL`, `LC_MESSAGES`, `LANG`."""
    names = ("FILIERA_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((value for value in map(os.environ.get, names) if value), "en")
    return "it" if chosen.lower().startswith("it") else "en"


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="filiera-verify", description="Check Filiera bundles and evidence files, offline.")
    parser.add_argument("files", nargs="+", metavar="FILE", help="a *.filiera.json bundle or evidence file; - is stdin")
    parser.add_argument("--policy", action="append", default=[], metavar="FILE", help="trust the log of this policy")
    parser.add_argument("--require", action="append", default=[], choices=VERDICTS, help="a verdict that must be yes")
    parser.add_argument("--json", action="store_true", help="print one JSON object a file")
    parser.add_argument("--lang", choices=("it", "en"), default=_language(), help="language of the reasons")
    return parser


def _policy(name: str) -> KnownLog:
    return known_log(_read(name))


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise InputError("file-unreadable", file=name, problem=error.strerror or "unreadable") from None


def _report(name: str, account: Account, language: Language, *, as_json: bool) -> str:
    if as_json:
        return json.dumps({"file": name, **account.as_json(language)}, ensure_ascii=False) + "\n"
    return "".join(f"{line}\n" for line in [name, *lines(account, language)])


if __name__ == "__main__":
    sys.exit(main())
