"""What does not add up with entries that were just logged, said on standard error by the commands that log them.

say_findings(node, [7, 8])
"""

import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from api.cli.context import current_language
from api.verbs.findings import found_in, said
from ledger.audience import full
from ledger.node import Node
from schemas.wording import sentence

Command = TypeVar("Command", bound=Callable[..., Any])


def findings_option(command: Command) -> Command:
    """`--findings`, for commands that log entries."""
    return click.option("--findings", is_flag=True, help="Say what does not add up with what was logged.")(command)


def say_findings(node: Node, indexes: Sequence[int]) -> None:
    """A line for each finding that points to one of these entries."""
    language = current_language()
    for item in found_in(node, indexes, audience=full()):
        shown = said(item, language)
        text = sentence("capture-finding", {"index": item.index, "finding": shown["text"]}, language)
        print(f"filiera: {text} [{item.code}]", file=sys.stderr)  # noqa: T201
