"""`filiera trust`: the logs whose keys you trust, each compared by another way before it is added."""

import json
import sys

import click

from api.cli.context import confirm, policies_folder, read_input
from api.verbs import trust as verbs
from ledger.log.policy import KnownLog
from ledger.trust import KnownLogs
from schemas.errors import InputError


@click.group("trust")
def command() -> None:
    """Keep the logs whose keys you trust."""


@command.command("add")
@click.argument("source", metavar="POLICY-FILE|URL")
@click.option("--fingerprint", default=None, metavar="HEX", help="The key's fingerprint, as you got it another way.")
def add(source: str, fingerprint: str | None) -> None:
    """Trust the log of a policy, after comparing its fingerprint.

    A bundle or an exported file is refused: what a file says of its own log proves nothing.
    """
    data = None if source.startswith(("http://", "https://")) else read_input(source)
    text = verbs.fetch_policy(source, data)
    found = verbs.look(text)
    click.echo(_shown(found), err=True)
    if fingerprint is None:
        if not sys.stdin.isatty():
            raise InputError("fingerprint-missing", origin=found.origin, fingerprint=found.vkey.fingerprint)
        confirm("fingerprint-ask")
        fingerprint = found.vkey.fingerprint
    verbs.add(KnownLogs(policies_folder()), text, fingerprint=fingerprint)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a log.")
def list_(as_json: bool) -> None:
    """List the logs you trust."""
    for log in verbs.known_logs(KnownLogs(policies_folder())):
        if as_json:
            last = None if log.last is None else log.last.size
            click.echo(json.dumps({"origin": log.origin, "fingerprint": log.vkey.fingerprint, "last": last}))
        else:
            click.echo(_shown(log))


@command.command("remove")
@click.argument("origin")
def remove(origin: str) -> None:
    """Trust the log ORIGIN no longer."""
    verbs.remove(KnownLogs(policies_folder()), origin)


def _shown(log: KnownLog) -> str:
    return f"{log.origin}\n    {log.vkey.fingerprint}"
