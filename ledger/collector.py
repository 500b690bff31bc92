"""How often Python looks for garbage in cycles, for a program that captures.

- An entry on its way into the log is some forty containers that live until its group is committed, and none of them is
  in a cycle. By its own rule the collector would walk over everything alive again and again to find that: a fifth of
  the time of capture, measured.
- The rule belongs to the process, so a program chooses it, never an import: `filiera` does, the processes that the
  ledger starts do, and whoever captures much from a program of his own should.

    collect_rarely()

Python documentation, `gc.set_threshold`.
"""

import gc

_CONTAINERS = 50_000
"""New containers before the young ones are looked at: those of a thousand entries."""
_YOUNG = 10
_OLD = 50
"""Looks at young ones before those a little older, and at these before all."""


def collect_rarely() -> None:
    """Let this process look for cycles seldom enough that capture hardly notices."""
    gc.set_threshold(_CONTAINERS, _YOUNG, _OLD)
