"""Recalls that stand, as `filiera recall --status` prints them: a line each, or one that says that there is none."""

import json
from datetime import UTC

import click

from api.cli.context import current_language
from api.recalls_json import tree
from api.verbs.recalls import Recalls
from schemas.epcis.instant import instant
from schemas.wording import sentence

_MOST_SHOWN = 3


def print_status(found: Recalls, *, as_json: bool) -> None:
    """A page of recalls."""
    language = current_language()
    if as_json:
        click.echo(json.dumps(tree(found), ensure_ascii=False))
        return
    if not found.recalls:
        click.echo(sentence("recall-status-none", {"subject": found.subject or "-"}, language))
    for item in found.recalls:
        stands = item.standing
        since = "-" if stands.at is None else instant(stands.at).astimezone(UTC).isoformat()
        more = len(item.objects) - _MOST_SHOWN
        on = " ".join(item.objects[:_MOST_SHOWN]) + (f" +{more}" if more > 0 else "")
        said = {
            "since": since, "member": found.names.get(stands.member, stands.member), "reason": stands.reason or "-",
            "on": on, "entry": stands.index,
        }  # fmt: skip
        click.echo(sentence("recall-status-line", said, language))
