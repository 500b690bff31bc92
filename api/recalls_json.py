"""Whether something is recalled, and which recalls stand, as JSON: the same for the command and for its twin over HTTP.

- `recalled` says it in a word, of the lot that was asked about; null in a list of all recalls.

    tree(answer)["recalls"][0]["reason"]
"""

from typing import Any

from api.verbs.recalls import Recalls
from ledger.readside.recall_tree import stands_tree, time


def tree(found: Recalls) -> dict[str, Any]:
    """A page of recalls."""
    rows = [
        {"on": list(item.objects), "name": found.names.get(item.standing.member), **stands_tree(item.standing)}
        for item in found.recalls
    ]
    return {
        "subject": found.subject,
        "recalled": bool(rows) if found.subject is not None else None,
        "size": found.size,
        "asOf": None if found.moment is None else time(found.moment),
        "recalls": rows,
        "next": found.next,
    }
