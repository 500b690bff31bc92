"""Chains of lots for traces and findings: one after another, of ten makings each, kept without signing.

- Four fields are blended, nine times what was made is blended with another field's, and the last is packed, shipped,
  received and unpacked. Each unit is used by twenty chains; each chain is recorded by one of thirty members.
- Every fiftieth chain is wrong in two ways: of a field more is used than it gave, and more comes out at last than went
  in.

    fill(store, 0, 10_000);  lot(7, "F0")
"""

from collections.abc import Iterator
from typing import Any

from ledger.lots.step import Step, step
from ledger.store import edges, objects, read_side
from ledger.store.engine import Store
from ledger.store.objects import ObjectUse
from schemas.epcis.instant import written
from schemas.gs1.check_digit import check_digit
from schemas.syntax.json_text import Number as JsonNumber

HOPS = 10
MEMBERS = 30
WRONG = 50
"""One of so many chains is wrong."""
_BATCH = 2000
_LOADS = 20
_BEGUN = 1_735_689_600_000_000
_MINUTE = 60_000_000
_GTIN = "https://id.gs1.org/01/09520001000010/10/"


def fill(store: Store, start: int, stop: int) -> None:
    """Keep the events [start, stop) in the tables of a read side that has come to `start`."""
    for first in range(start, stop, _BATCH):
        last = min(first + _BATCH, stop)
        told = [_step(index) for index in range(first, last)]
        with store.begin() as connection:
            assert read_side.move(connection, first, last)
            edges.put(connection, told)
            uses = [ObjectUse(uri, one.index, None, None) for one in told for uri in sorted(one.moves.touched)]
            objects.put(connection, uses)


def lot(chain: int, name: str) -> str:
    """A lot of a chain: `F0`, `G2`… of fields, `P1` to `P10` of what was made."""
    return f"{_GTIN}{chain}-{name}"


def member(chain: int) -> str:
    """Who records a chain."""
    return f"urn:uuid:00000000-0000-4000-8000-{chain % MEMBERS:012d}"


def _step(index: int) -> Step:
    chain, place = divmod(index, CHAIN)
    content = {**_STEPS[place](chain), "eventTime": written(_BEGUN + index * _MINUTE)}
    return step(index, member(chain), content)


def _kilos(uri: str, quantity: int) -> dict[str, Any]:
    return {"epcClass": uri, "quantity": JsonNumber(str(quantity)), "uom": "KGM"}


def _pallet(chain: int) -> str:
    digits = f"0952000100{chain // _LOADS:07d}"
    return f"https://id.gs1.org/00/{digits}{check_digit(digits)}"


def _harvest(name: str) -> Any:
    def told(chain: int) -> dict[str, Any]:
        lots = [_kilos(lot(chain, name), 900)]
        return {"type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning", "quantityList": lots}

    return told


def _blend(hop: int, inputs: tuple[str, ...]) -> Any:
    def told(chain: int) -> dict[str, Any]:
        used = [1000 if name == "F0" and chain % WRONG == 0 else 400 for name in inputs]
        made = 900 if hop == HOPS and chain % WRONG == 0 else 700
        return {
            "type": "TransformationEvent",
            "inputQuantityList": [_kilos(lot(chain, name), some) for name, some in zip(inputs, used, strict=True)],
            "outputQuantityList": [_kilos(lot(chain, f"P{hop}"), made)],
        }

    return told


def _packed(action: str) -> Any:
    def told(chain: int) -> dict[str, Any]:
        children = [_kilos(lot(chain, f"P{HOPS}"), 700)]
        return {
            "type": "AggregationEvent", "action": action, "parentID": _pallet(chain), "childQuantityList": children,
        }  # fmt: skip

    return told


def _shipped(word: str) -> Any:
    def told(chain: int) -> dict[str, Any]:
        return {"type": "ObjectEvent", "action": "OBSERVE", "bizStep": word, "epcList": [_pallet(chain)]}

    return told


def _all() -> Iterator[Any]:
    yield from (_harvest(f"F{number}") for number in range(4))
    yield _blend(1, ("F0", "F1", "F2", "F3"))
    for hop in range(2, HOPS + 1):
        yield _harvest(f"G{hop}")
        yield _blend(hop, (f"P{hop - 1}", f"G{hop}"))
    yield from (_packed("ADD"), _shipped("shipping"), _shipped("receiving"), _packed("DELETE"))


_STEPS = tuple(_all())
CHAIN = len(_STEPS)
"""Events of one chain."""
