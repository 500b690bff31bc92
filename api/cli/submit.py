"""`filiera submit`: entries that were signed elsewhere, one wire a line or a JSON array."""

import json
import sys
from typing import Any

import click

from api.cli.context import EXIT_INPUT, current_language, read_input
from api.cli.found import findings_option, say_findings
from api.cli.ledger import ledger_options, open_ledger
from api.verbs.submit import read_wires, submit
from ledger.writer.answers import Receipt
from schemas.syntax import base64url
from schemas.wording import explain


@click.command(name="submit")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object an entry: index, leaf, proof, checkpoint.")
@findings_option
@ledger_options
def command(file: str, as_json: bool, findings: bool, **options: Any) -> int:
    """Log entries that were signed elsewhere; `-` is standard input. Each is answered for itself."""
    wires = read_wires(read_input(file))
    refused, logged = False, []
    with open_ledger(options) as node:
        for position, answer in enumerate(submit(node, wires)):
            if isinstance(answer, Receipt):
                logged.append(answer.index)
                click.echo(_shown(answer) if as_json else f"{answer.index}\t{base64url.encode(answer.leaf)}")
            else:
                refused = True
                error = answer.within(entry=position)
                text = f"{explain(error, current_language())} [{error.code}]"
                if as_json:
                    click.echo(json.dumps({"entry": position, "error": error.code}))
                print(f"filiera: {text}", file=sys.stderr)  # noqa: T201
        if findings:
            say_findings(node, logged)
    return EXIT_INPUT if refused else 0


def _shown(receipt: Receipt) -> str:
    proof = [base64url.encode(node) for node in receipt.proof]
    leaf, note = base64url.encode(receipt.leaf), receipt.checkpoint.decode("utf-8")
    return json.dumps({"index": receipt.index, "leaf": leaf, "proof": proof, "checkpoint": note}, ensure_ascii=False)
