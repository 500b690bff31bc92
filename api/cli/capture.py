"""`filiera capture`: EPCIS documents, JSON-LD or XML, into the log.

Standard output has a line for each event of each document, in order; what was wrong or odd goes to standard error.
Each document stands for itself: one that is refused stops the command there, what came before it stays captured.
"""

import json
import sys
from typing import Any

import click

from api.cli.context import EXIT_INPUT, current_language, read_input
from api.cli.found import findings_option, say_findings
from api.cli.ledger import ledger_options, open_ledger
from api.verbs.capture import Kept, capture
from ledger.writer.gateway import DocumentRefused
from schemas.errors import InputError
from schemas.syntax import base64url
from schemas.wording import explain, sentence


@click.command(name="capture")
@click.argument("files", nargs=-1, required=True)
@click.option("--member", default=None, help="Member to capture for (default: the one whose gateway key is here).")
@click.option("--proceed", is_flag=True, help="Keep the good events of a document that has bad ones, and say which.")
@click.option("--allow-repeat", is_flag=True, help="Log events again that were captured before.")
@click.option("--strict", is_flag=True, help="Refuse what gets a warning, and an eventID used for other content.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object an event: eventID, index, leaf.")
@findings_option
@ledger_options
def command(
    files: tuple[str, ...],
    member: str | None,
    proceed: bool,
    allow_repeat: bool,
    strict: bool,
    as_json: bool,
    findings: bool,
    **options: Any,
) -> int:
    """Capture EPCIS documents, JSON-LD (2.0) or XML (2.0 or 1.x); `-` is standard input."""
    documents = [(name, read_input(name)) for name in files]
    refused = False
    with open_ledger(options) as node:
        for name, data in documents:
            try:
                kept = capture(
                    node, data, name=name, member=member, proceed=proceed, allow_repeat=allow_repeat, strict=strict
                )
            except DocumentRefused as error:
                _complain(error.errors)
                _say(name, "capture-nothing")
                return EXIT_INPUT
            _complain(kept.refused)
            _warn(kept.warnings)
            _summary(kept)
            refused = refused or bool(kept.refused)
            _show(kept, as_json)
            repeated = sum(item.duplicate for item in kept.captured)
            if findings:
                say_findings(node, [item.index for item in kept.captured])
            if repeated and not as_json:
                _say(name, "capture-repeated", count=str(repeated))
    return EXIT_INPUT if refused else 0


def _show(kept: Kept, as_json: bool) -> None:
    odd = _by_event(kept.warnings)
    for item in kept.captured:
        leaf = base64url.encode(item.leaf)
        if as_json:
            said: dict[str, Any] = {"eventID": item.event_id, "index": item.index, "leaf": leaf}
            said |= {"document": kept.document, "event": item.event, "duplicate": item.duplicate}
            said["warnings"] = odd.get(item.event, [])
            click.echo(json.dumps(said, ensure_ascii=False))
        else:
            click.echo(f"{item.index}\t{item.event_id}" + ("\t=" if item.duplicate else ""))


def _by_event(warnings: tuple[InputError, ...]) -> dict[int, list[dict[str, str]]]:
    """Position of an event -> its warnings, as code and member."""
    found: dict[int, list[dict[str, str]]] = {}
    for warning in warnings:
        said = {"code": warning.code, "member": str(warning.context["member"])}
        found.setdefault(warning.context["event"], []).append(said)
    return found


def _summary(kept: Kept) -> None:
    """Which events were kept and which not, wherever that is not all of them."""
    if kept.refused:
        left = ", ".join(str(event) for event in sorted({error.context["event"] for error in kept.refused}))
        found = ", ".join(str(item.event) for item in kept.captured)
        _say(kept.document, "capture-kept" if found else "capture-kept-none", kept=found, left=left)
    elif not kept.captured:
        _say(kept.document, "capture-empty")


def _say(document: str, code: str, **context: str) -> None:
    text = explain(InputError(code, document=document, **context), current_language())
    print(f"filiera: {text}", file=sys.stderr)  # noqa: T201


def _complain(errors: tuple[InputError, ...]) -> None:
    language = current_language()
    for error in errors:
        print(f"filiera: {explain(error, language)} [{error.code}]", file=sys.stderr)  # noqa: T201


def _warn(warnings: tuple[InputError, ...]) -> None:
    language = current_language()
    for warning in warnings:
        text = sentence("capture-warning", {"warning": explain(warning, language)}, language)
        print(f"filiera: {text} [{warning.code}]", file=sys.stderr)  # noqa: T201
