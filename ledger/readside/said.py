"""What master data says of what an answer names, for the eyes of who asks: read once, then looked up as of any time.

- One query for all identifiers (`ledger.lots.said.under`), one read of all contents; as of a size of the log.
- `called` names what a step is about, as of the time at which it happened and by the word of who signed it.

    masters = said_of(node, connection, uris, seen_by=audience);  called(masters, step)["https://id.gs1.org/414/…"]

docs/adr/0035-master-data-as-of-a-time.md.
"""

from collections.abc import Iterable

from ledger.audience import Audience
from ledger.lots.said import Masters, under
from ledger.lots.step import Step
from ledger.readside.master import Opened, stated
from ledger.store import master
from ledger.store.connection import Connection


def said_of(
    opened: Opened, connection: Connection, uris: Iterable[str], *, seen_by: Audience, size: int | None = None
) -> Masters:
    """Every version of the things that these lots, places and parties (canonical URIs) are."""
    names = {name for uri in uris for name in under(uri)}
    found = master.naming(connection, names, before=size, seen_by=seen_by)
    versions = {version.index: version for listed in found.values() for version in listed}
    told = stated(opened, [versions[index] for index in sorted(versions)])
    return Masters((item.version, item.content) for item in told)


def named_in(steps: Iterable[Step]) -> set[str]:
    """The objects, places and parties of these steps."""
    return {uri for step in steps for uri in (*step.moves.objects, *_around(step))}


def called(masters: Masters, step: Step) -> dict[str, str]:
    """What the objects, places and parties of a step were called when it happened; those without a name left out."""
    found = {uri: masters.called(uri, step.at, step.member) for uri in (*step.moves.objects, *_around(step))}
    return {uri: name for uri, name in found.items() if name is not None}


def _around(step: Step) -> list[str]:
    related = [uri for _, uri in (*step.sources, *step.destinations)]
    return list(dict.fromkeys(uri for uri in (step.read_point, step.biz_location, *related) if uri is not None))
