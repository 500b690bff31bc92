"""What may be asked of events that are shown in part: nothing that would tell what is not shown.

- Who sees an event whole may ask anything of it. Who sees only what is published sees no place, and a query by place
  would tell it: whether an event comes back is an answer about the member it was asked by.
- So a condition, or an order, on a member that such an audience is never shown is refused, whatever the events hold;
  and the lists of places that all events name are empty for it.
- An event ID is not asked for either: in its hash form it confirms guesses about everything (ARCHITECTURE.md 3.1).

    check_asked(query, audience)        # InputError("query-parameter-hidden")

docs/adr/0024-what-a-member-sees.md.
"""

from ledger.audience import Audience
from schemas.epcis.query import Order, Query, Resource
from schemas.epcis.query_name import Field
from schemas.errors import InputError

# Fields of the read side that hold what `ledger.audience` shows to everybody, and nothing else.
_SHOWN = frozenset(
    (
        "type", "action", "eventTime", "recordTime", "bizStep", "disposition", "transformationID", "quantity",
        "errorDeclaration", "errorDeclaration.reason", "errorDeclaration.declarationTime",
        "epc", "parentID", "inputEPC", "outputEPC", "anyEPC", "epcClass", "inputEPCClass", "outputEPCClass",
        "anyEPCClass", "any",
    )
)  # fmt: skip
_OPERATIONS = frozenset(("EQ", "GT", "GE", "LT", "LE", "MATCH", "EXISTS"))
_HIDDEN: frozenset[Resource] = frozenset(("bizLocations", "readPoints"))


def in_part(audience: Audience) -> bool:
    """Are events shown to this audience in part? A member is answered with those it sees whole."""
    return not audience.whole and audience.member is None


def check_asked(query: Query, audience: Audience) -> None:
    """`InputError("query-parameter-hidden")` where the query would tell this audience what it is not shown."""
    if not in_part(audience):
        return
    for condition in query.conditions:
        if condition.op not in _OPERATIONS or not _shown(condition.field):
            raise InputError("query-parameter-hidden", parameter=condition.parameter[:120])
    if query.order is not None and not _shown_order(query.order):
        raise InputError("query-parameter-hidden", parameter="orderBy")


def may_list(resource: Resource, audience: Audience) -> bool:
    """May this audience be told every value that events have of this kind?"""
    return not (in_part(audience) and resource in _HIDDEN)


def _shown(field: Field) -> bool:
    return not field.family and (field.name in _SHOWN or field.name.startswith("quantity in "))


def _shown_order(order: Order) -> bool:
    return not order.field.family and order.field.name in ("eventTime", "recordTime")
