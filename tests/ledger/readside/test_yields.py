"""What a process may yield follows the master data of its products, as of the event, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from api.verbs.erase import erase
from api.verbs.findings import list_findings
from api.verbs.master import add
from ledger.audience import full
from ledger.node import Node
from ledger.readside.rebuild import rebuild
from schemas.syntax.json_text import Number
from tests.simulator.cooperatives import document, harvested, lot
from tests.simulator.master import product, written
from tests.simulator.phones import made

DAY = 86_400
OIL, OLIVES = "https://id.gs1.org/01/09521001002028", "https://id.gs1.org/01/09521001002011"
FIELD, BOTTLED = lot("F-1"), f"{OIL}/10/O-1"


@pytest.fixture(params=["sqlite", "postgresql"])
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    sqlite = request.param == "sqlite"
    location = str(tmp_path / "store") if sqlite else str(request.getfixturevalue("postgres_url"))
    with made(location, tmp_path) as node:
        yield node


def sold(id: str, commodity: str, **more: Any) -> dict[str, Any]:
    gtins = [{"gtin": id[-14:], "level": "unit"}]
    return product(id=id, gtins=gtins, commodity=commodity, functionalName=None, **more)


def milled(kilos: int, **more: Any) -> dict[str, Any]:
    """A hundred kilograms of olives become so many bottles of a kilogram."""
    return {
        "type": "TransformationEvent", "eventTime": "2026-07-02T08:00:00Z", "eventTimeZoneOffset": "+02:00",
        "inputQuantityList": [{"epcClass": FIELD, "quantity": 100, "uom": "KGM"}],
        "outputQuantityList": [{"epcClass": BOTTLED, "quantity": kilos}], **more,
    }  # fmt: skip


def codes(node: Node, **how: Any) -> list[str]:
    found, _ = list_findings(node, audience=full(), **how)
    return [item.code for item in found]


def test_the_band_of_the_products_counts_as_they_were_at_the_event(node: Node) -> None:
    add(node, written(sold(OLIVES, "olives", validTo="2026-07-01"), sold(OIL, "olive oil")))
    node.capture(document(harvested("F-1"), milled(27)))
    # On 2 July nobody says what F-1 is of: of mass no more came out than went in.
    assert "yield-above-band" not in codes(node)
    now = node.clock()
    then = datetime.fromtimestamp(now, UTC).isoformat()
    node.clock = lambda: now + DAY  # type: ignore[method-assign,misc]
    (kept,) = add(node, written(sold(OLIVES, "olives"))).kept
    found = [item for item in list_findings(node, audience=full())[0] if item.code == "yield-above-band"]
    assert [(item.context["in"], item.context["out"], item.context["most"]) for item in found] == [
        ("100 KGM", "27 KGM", "26 KGM")
    ]
    assert "yield-above-band" not in codes(node, as_of=then)
    # What a bottle holds counts as well: half a kilogram each, and all is well.
    add(node, written(sold(OIL, "olive oil", netContent={"value": Number("0.5"), "unit": "KGM"})))
    assert "yield-above-band" not in codes(node)
    add(node, written(sold(OIL, "olive oil")))
    assert "yield-above-band" in codes(node)
    rebuild(node.store, node.keyring.wrapping_key)
    assert "yield-above-band" in codes(node)
    # What was erased counts no more.
    erase(node, [kept.index], ground="GDPR art. 17")
    assert "yield-above-band" not in codes(node)
