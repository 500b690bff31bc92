"""What a business step does to who has the goods: one table, which everything that counts goes by.

- Shipping gives them away, receiving takes them; accepting says once more what receiving said, where both are recorded.
- Selling to consumers ships, consuming uses up, and an inventory counts what is there. Every other step moves nothing
  from anybody to anybody.

    dealing("retail_selling")  ->  "sells"

CBV 2.0 section 7.1.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Dealing = Literal["ships", "receives", "accepts", "sells", "consumes", "counts"]
RECEIPTS: frozenset[Dealing | None] = frozenset(("receives", "accepts"))
"""Goods come from somebody."""
GIVEN: frozenset[Dealing | None] = frozenset(("ships", "sells", "consumes"))
"""Goods go to somebody, or into something."""
_BY_STEP: Mapping[str | None, Dealing] = MappingProxyType(
    {
        "shipping": "ships",
        "receiving": "receives",
        "accepting": "accepts",
        "retail_selling": "sells",
        "dispensing": "sells",
        "consuming": "consumes",
        "cycle_counting": "counts",
        "stock_taking": "counts",
    }
)


def dealing(biz_step: str | None) -> Dealing | None:
    """What a step (a bare word of the CBV) does to who has the goods; None for nothing."""
    return _BY_STEP.get(biz_step)
