"""`filiera key`: make, admit, list, rotate and revoke keys, and declare one compromised."""

import json
import sys
from dataclasses import asdict
from typing import Any

import click

from api.cli.context import MOST_ENTRY, confirm, current_language
from api.cli.digests import TakesDigest
from api.cli.ledger import ledger_options, open_ledger
from api.verbs import device as devices
from api.verbs import key as verbs
from ledger.writer.membership import Said
from schemas.errors import InputError
from schemas.syntax import base64url
from schemas.wording import sentence


@click.group(name="key")
def command() -> None:
    """Make, list, rotate and revoke keys."""


@command.command(name="new")
@click.option(
    "--role",
    type=click.Choice(["device", "gateway", "admin", "export", "operator"]),
    required=True,
    help="What the key may sign: device and gateway record, admin manages, export signs credentials.",
)
@click.option("--member", default=None, help="Member that gets the key (default: the one whose admin key is here).")
@click.option(
    "--alg", type=click.Choice(["ES256", "Ed25519"]), default="ES256", show_default=True, help="Signature algorithm."
)
@click.option("--name", default="", help="A name for the key in this keyring only.")
@ledger_options
def new(role: str, member: str | None, alg: str, name: str, **options: Any) -> None:
    """Make a key and add it to its member, signed by an admin key."""
    with open_ledger(options) as node:
        _show(verbs.new_key(node, role, member=member, alg=alg, name=name))


@command.command(name="admit")
@click.argument("code")
@click.option("--fingerprint", default=None, metavar="TEXT", help="What the phone shows of its key, compared already.")
@ledger_options
def admit(code: str, fingerprint: str | None, **options: Any) -> None:
    """Admit the phone that shows CODE, after comparing its fingerprint.

    An admin key of its member that is here adds the phone's key to the log.
    """
    with open_ledger(options) as node:
        request = devices.look(node, code)
        expected = devices.fingerprint(request.kid)
        if fingerprint is None:
            click.echo(f"{request.name}\n{request.member}\n    {expected}", err=True)
            if not sys.stdin.isatty():
                raise InputError("device-fingerprint-missing", fingerprint=expected)
            confirm("device-fingerprint-ask")
        elif fingerprint.strip().upper() != expected:
            raise InputError("device-fingerprint", fingerprint=expected)
        _show(devices.admit(node, request))


@command.command(name="asking")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a phone.")
@ledger_options
def asking(as_json: bool, **options: Any) -> None:
    """List the phones that ask to be admitted, with their codes and fingerprints."""
    with open_ledger(options, write=False) as node:
        for found in devices.waiting(node):
            said = f"{found.code}  {found.fingerprint}  {found.member:45}  {found.name}"
            click.echo(json.dumps(asdict(found)) if as_json else said)


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a key.")
@ledger_options
def list_(as_json: bool, **options: Any) -> None:
    """List every key the log ever admitted, with the entries it may sign; * marks those that are here."""
    with open_ledger(options, write=False) as node:
        if not as_json:
            key, role, alg, entries, owner, called = sentence("key-columns", {}, current_language()).split(", ")
            click.echo(f"  {key:43}  {role:8}  {alg:7}  {entries:9}  {owner:45}  {called}")
        for listed in verbs.list_keys(node):
            if as_json:
                click.echo(json.dumps(asdict(listed)))
            else:
                until = "-" if listed.end is None else listed.end
                mark = "*" if listed.here else " "
                valid = f"{listed.add}..{until}"
                line = f"{mark} {listed.kid:43}  {listed.role:8}  {listed.alg:7}  {valid:9}  {listed.member:45}"
                click.echo(f"{line}  {listed.name}".rstrip())


@command.command(name="rotate")
@click.option("--member", default=None, help="Member whose admin key is rotated (default: the one whose key is here).")
@ledger_options
def rotate(member: str | None, **options: Any) -> None:
    """Let the committed next admin key take over; the old one ends."""
    with open_ledger(options) as node:
        _show(verbs.rotate(node, member=member))


@command.command(name="revoke", cls=TakesDigest)
@click.argument("kid")
@ledger_options
def revoke(kid: str, **options: Any) -> None:
    """End the key KID; what it signed so far stays valid."""
    with open_ledger(options) as node:
        _show(verbs.revoke(node, kid))


@command.command(name="compromise", cls=TakesDigest)
@click.argument("kid")
@click.option(
    "--from", "since", type=click.IntRange(1, MOST_ENTRY), required=True, help="First log index that is suspect."
)
@ledger_options
def compromise(kid: str, since: int, **options: Any) -> None:
    """End the key KID and make what it signed from an index on suspect."""
    with open_ledger(options) as node:
        _show(verbs.compromise(node, kid, since))


def _show(said: Said) -> None:
    click.echo(f"{said.index}\t{base64url.encode(said.leaf)}\t{said.kid or ''}".rstrip())
