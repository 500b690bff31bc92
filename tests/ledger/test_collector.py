import gc
import weakref

from ledger.collector import collect_rarely


class Knot:
    """Something in a cycle."""

    def __init__(self) -> None:
        self.self = self


def test_garbage_in_cycles_is_still_found() -> None:
    before = gc.get_threshold()
    try:
        collect_rarely()
        assert gc.get_threshold()[0] > before[0]
        assert gc.isenabled()
        knot = weakref.ref(Knot())
        kept = [[] for _ in range(2 * gc.get_threshold()[0])]  # type: ignore[var-annotated]
        assert knot() is None
        assert kept
    finally:
        gc.set_threshold(*before)
