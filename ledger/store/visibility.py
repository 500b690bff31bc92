"""Which events somebody may see, as a condition on the row of an event (ARCHITECTURE.md rule 8).

select(event.c.idx).where(*filter(None, [visible(audience)]))
"""

from sqlalchemy import ColumnElement, false

from ledger.audience import Audience


def visible(audience: Audience) -> ColumnElement[bool] | None:
    """The condition that holds for what this audience may see; None where that is everything."""
    return None if audience.whole else false()
