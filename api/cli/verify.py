"""`filiera verify`: is this file valid? Exits 0 when it is, 1 when it is not, 2 when it cannot be told."""

import json
import os
from contextlib import suppress
from pathlib import Path

import click

from api.cli.context import current_language, read_input
from api.verbs.verify import keep_heads, verify
from ledger.trust import KnownLogs
from ledger.verify.account import VERDICTS, worst
from ledger.verify.wording import lines


@click.command("verify")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--policy", "policies", multiple=True, metavar="FILE", help="Trust the log of this policy file only.")
@click.option("--require", multiple=True, type=click.Choice(VERDICTS), help="A verdict that must be yes.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a file.")
@click.option("--lang", type=click.Choice(["it", "en"]), default=None, help="Language of the reasons.")
def command(
    files: tuple[str, ...], policies: tuple[str, ...], require: tuple[str, ...], as_json: bool, lang: str | None
) -> int:
    """Check a bundle or an exported file, offline.

    Each FILE is a bundle, an evidence file or an export; `-` is standard input. Logs are trusted by `filiera trust`,
    or by --policy alone where it is given. Exits 1 if any file is not valid, else 2 if any cannot be told, else 0.
    """
    language = current_language({"lang": lang}) if lang else current_language()
    folder = KnownLogs(_policies())
    known = folder.load()
    texts = [read_input(policy) for policy in policies]
    codes = []
    for file in files:
        data = read_input(file)
        account = verify(data, known=known, policies=texts, require=require)
        if account.valid and not texts:
            # A home that cannot be written keeps no heads; the verdict is the same.
            with suppress(OSError):
                keep_heads(data, folder)
        codes.append(account.exit_code)
        if as_json:
            click.echo(json.dumps({"file": file, **account.as_json(language)}, ensure_ascii=False))
        else:
            click.echo("\n".join([file, *lines(account, language)]))
    return worst(codes)


def _policies() -> Path:
    """The user's known logs (ARCHITECTURE.md 3.6)."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "filiera" / "policies"
