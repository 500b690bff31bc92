"""What a capture over HTTP says of what does not add up: how many findings its entries caused, and where to read them.

- `count` is of now: what is logged later may mend a finding, or cause one. It is null while entries are still judged,
  which happens a bite each time somebody asks.

    caused(node, [12, 13], member=iss, audience=audience)  ->  {"count": 1, "read": "/api/v1/findings?…&entries=12-13"}
"""

from collections.abc import Sequence
from urllib.parse import urlencode

from api.verbs.findings import count_between
from ledger.audience import Audience
from ledger.node import Node

READ = "/api/v1/findings"


def caused(
    node: Node, captured: Sequence[int], *, member: str, audience: Audience, base: str = ""
) -> dict[str, int | str | None]:
    """The findings about new entries of a member; `base`: the address of the server."""
    if not captured:
        return {"count": 0, "read": None}
    entries = f"{min(captured)}-{max(captured)}"
    query = urlencode({"member": member, "entries": entries})
    return {
        "count": count_between(node, entries, member=member, audience=audience),
        "read": f"{base.rstrip('/')}{READ}?{query}",
    }
