"""Erases one entry and is killed at a phase of it: a process of its own, started anew for each death.

python -m tests.faults.erased STORE FOLDER INDEX PHASE
"""

import os
import signal
import sys
from pathlib import Path

from ledger.custody.erase import choose, declare
from tests.simulator.phones import opened

GROUND = "GDPR art. 17"


def main(store: str, folder: str, index: int, phase: str) -> None:
    """Declare and carry out, until killed."""

    def stop(reached: str) -> None:
        if reached == phase and begun:
            os.kill(os.getpid(), signal.SIGKILL)

    begun: list[bool] = []
    with opened(store, Path(folder), phase=stop) as node:
        target = choose(index, node.entry(index))
        begun.append(True)
        declare(node.membership, [target], GROUND)
        node.erased()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
