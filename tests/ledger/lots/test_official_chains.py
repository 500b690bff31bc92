"""The official chains, captured and traced on both databases: lot by lot, edge by edge, kilogram by kilogram.

The expectations were written by hand from the documents. An edge is `position kind source used > target made`: the
position of the event in its document, and kilograms, `-` where the event states none.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.verbs.trace import Answer, trace
from ledger.audience import full
from ledger.capture.document import read_document
from ledger.lots.step import Amount
from ledger.node import Node
from schemas.gs1.canonical import canonical_uri
from tests.official import official
from tests.simulator.official_chains import mended
from tests.simulator.phones import made

EXAMPLE, WHOLE = (f"urn:gdst:{owner}:product:lot:class:" for owner in ("example.org", "wholechain.com"))
# The names that stand for them below.
LOTS = {
    "feed": f"{EXAMPLE}feedmill.1.ff11252021",
    "fingerlings": f"{EXAMPLE}hatchery.1.tf12012021",
    "farmed": f"{EXAMPLE}fishfarm.1.farmed-tuna-01192022",
    "caught": f"{EXAMPLE}fisherman01.tuna.v1-0122-2022",
    "commingled": f"{EXAMPLE}processor.10.commingle-01232022",
    "packed": f"{EXAMPLE}processor.2.v1-0122-2022",
    "box": canonical_uri("urn:epc:id:sscc:08600031303.000003"),
    "tuna-1": f"{WHOLE}fishcompany.tuna.23423445",
    "tuna-2": f"{WHOLE}fishcompany.tuna.23423",
    "tunas": f"{WHOLE}fishcompany.tuna.1024f44f",
    "gutted": f"{WHOLE}fishcompany.hgtuna.8a25a035",
    "fry": f"{WHOLE}fishcompany.sal-fry.weio348",
    "salmon": f"{WHOLE}fishcompany.sal-whole.eiwo493",
    "fillet": f"{WHOLE}processingcompany.tunafilet.34e5e863",
    "pallet": canonical_uri("urn:epc:id:sscc:0614141.1234567890"),
}
TRACEBACK = {
    "feed": f"{EXAMPLE}feedmill.1u.ff11252021",
    "fingerlings": f"{EXAMPLE}hatchery.1u.tf12012021",
    "farmed": f"{EXAMPLE}fishfarm.1u.farmed-tuna-01192022",
    "caught": f"{EXAMPLE}fisherman01.tunau.v1-0122-2022",
    "commingled": f"{EXAMPLE}processor.10u.commingle-01232022",
    "packed": f"{EXAMPLE}processor.2u.v1-0122-2022",
    "box": canonical_uri("urn:epc:id:sscc:08600031303.000004"),
    "pallet": canonical_uri("urn:epc:id:sscc:08600031303.000005"),
}
# Two catches are put together, gutted, travel on a pallet beside salmon, and become fillets.
FILLET = """
2 commissioned tuna-1 - > tuna-1 5000.0
3 commissioned tuna-2 - > tuna-2 5000.0
4 transformed tuna-1 5000.0 > tunas 10000.0
4 transformed tuna-2 5000.0 > tunas 10000.0
5 transformed tunas 10000.0 > gutted 7000.0
9 packed gutted 7000.0 > pallet -
12 unpacked pallet - > gutted -
13 transformed gutted 7000.0 > fillet 6000.0
"""
# Feed and fingerlings become farmed tuna, which is put together with a catch: 10,000 kg of 9,876, as the document says.
COMMINGLED = """
0 commissioned feed - > feed 10000.0
14 commissioned fingerlings - > fingerlings 1000.0
15 commissioned caught - > caught 9876.0
16 transformed feed 10000.0 > farmed 12000.0
16 transformed fingerlings 1000.0 > farmed 12000.0
23 transformed caught 10000.0 > commingled 22000.0
23 transformed farmed 12000.0 > commingled 22000.0
24 transformed commingled 9876.0 > packed 5000.0
25 packed packed 5000.0 > box -
28 unpacked box - > packed -
29 packed packed 5000.0 > box -
30 unpacked box - > packed -
"""
TUNA_ONWARD = """
2 commissioned tuna-1 - > tuna-1 5000.0
4 transformed tuna-1 5000.0 > tunas 10000.0
5 transformed tunas 10000.0 > gutted 7000.0
9 packed gutted 7000.0 > pallet -
12 unpacked pallet - > gutted -
13 transformed gutted 7000.0 > fillet 6000.0
"""
FRY_ONWARD = """
1 commissioned fry - > fry 250.0
6 transformed fry 250.0 > salmon 1000.0
9 packed salmon 1000.0 > pallet -
12 unpacked pallet - > salmon -
"""
# A box on a pallet. The feed is shipped (11, 12) two weeks after all of it was used: no way that the product came.
TRACED_BACK = """
0 commissioned fingerlings - > fingerlings 1000.0
5 commissioned caught - > caught 9876.0
13 commissioned feed - > feed 10000.0
14 transformed feed 10000.0 > farmed 12000.0
14 transformed fingerlings 1000.0 > farmed 12000.0
15 transformed caught 10000.0 > commingled 22000.0
15 transformed farmed 12000.0 > commingled 22000.0
16 transformed commingled 9876.0 > packed 5000.0
17 packed packed 5000.0 > box -
18 packed box - > pallet -
19 unpacked pallet - > box -
20 unpacked box - > packed 5000.0
"""
CAUGHT_ONWARD = """
5 commissioned caught - > caught 9876.0
15 transformed caught 10000.0 > commingled 22000.0
16 transformed commingled 9876.0 > packed 5000.0
17 packed packed 5000.0 > box -
18 packed box - > pallet -
19 unpacked pallet - > box -
20 unpacked box - > packed 5000.0
"""


class Captured:
    """A chain in a ledger, asked by the names of this test."""

    def __init__(self, node: Node, file: str, names: dict[str, str]) -> None:
        kept = node.capture(read_document(mended(official(file))))
        self.node, self.names = node, names
        self._short = {uri: name for name, uri in names.items()}
        self._position = {item.index: item.event for item in kept}

    def asked(self, name: str, *, forward: bool) -> Answer:
        return trace(self.node, self.names[name], audience=full(), forward=forward)

    def edges(self, answer: Answer) -> list[str]:
        return sorted(
            f"{self._position[link.index]} {link.kind} {self._short[link.source]} {kilos(link.used)}"
            f" > {self._short[link.target]} {kilos(link.made)}"
            for link in answer.links
        )

    def positions(self, answer: Answer) -> set[int]:
        return {self._position[one.index] for one in answer.steps}

    def short(self, uris: tuple[str, ...]) -> set[str]:
        return {self._short[uri] for uri in uris}


def kilos(amount: Amount | None) -> str:
    assert amount is None or amount.uom == "KGM"
    return "-" if amount is None else str(amount.quantity)


def lines(text: str) -> list[str]:
    return sorted(text.strip().splitlines())


@pytest.fixture(params=["sqlite", "postgresql"])
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    sqlite = request.param == "sqlite"
    location = str(tmp_path / "store") if sqlite else str(request.getfixturevalue("postgres_url"))
    with made(location, tmp_path) as node:
        yield node


def test_the_wholechain_set_is_traced_as_it_is_written(node: Node) -> None:
    chain = Captured(node, "gs1/chains/wholechain-events.jsonld", LOTS)
    for subject, forward, lots, units, edges, steps in (
        ("fillet", False, "tuna-1 tuna-2 tunas gutted fillet", "pallet", FILLET, {2, 3, 4, 5, *range(7, 14)}),
        ("packed", False, "feed fingerlings farmed caught commingled packed", "box", COMMINGLED, {0, *range(14, 31)}),
        ("box", False, "feed fingerlings farmed caught commingled packed", "box", COMMINGLED, {0, *range(14, 31)}),
        ("tuna-1", True, "tuna-1 tunas gutted fillet", "pallet", TUNA_ONWARD, {2, 4, 5, *range(7, 14)}),
        ("fry", True, "fry salmon", "pallet", FRY_ONWARD, {1, 6, 9, 10, 11, 12}),
    ):
        answer = chain.asked(subject, forward=forward)
        assert (subject, chain.short(answer.lots)) == (subject, set(lots.split()))
        assert (subject, chain.short(answer.units)) == (subject, set(units.split()))
        assert (subject, chain.edges(answer)) == (subject, lines(edges))
        assert (subject, chain.positions(answer)) == (subject, steps)


def test_the_gdst_traceback_set_is_traced_as_it_is_written(node: Node) -> None:
    file = "gs1/opentraceability-gdst/test-data/traceback_tests.jsonld"
    chain = Captured(node, file, TRACEBACK)
    answer = chain.asked("packed", forward=False)
    assert chain.short(answer.lots) == set(TRACEBACK) - {"box", "pallet"}
    assert chain.short(answer.units) == {"box", "pallet"}
    assert chain.edges(answer) == lines(TRACED_BACK)
    assert chain.positions(answer) == set(range(21)) - {11, 12}
    onward = chain.asked("caught", forward=True)
    assert chain.short(onward.lots) == {"caught", "commingled", "packed"}
    assert chain.edges(onward) == lines(CAUGHT_ONWARD)
    assert chain.positions(onward) == {*range(5, 11), *range(15, 21)}
    assert {11, 12} < chain.positions(chain.asked("feed", forward=True))
