"""Runs writers that kill themselves: one process, forked for each, so that fifty deaths cost seconds.

A line of JSON on standard input names a store, its key folder, requests (lists of wires), a phase and its n-th
passage; `follow`: the read side is asked for after each request. The fork opens the log, submits request after
request, prints each acknowledged index, and at that passage sends SIGKILL to itself: no destructor, no flush, no
closing of anything. The answer is one line: the indexes that were
acknowledged, and whether it was killed.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from ledger.writer.answers import Receipt
from tests.simulator.phones import opened


class Executioner:
    """Counts the passages of one phase."""

    def __init__(self, phase: str, nth: int) -> None:
        self.phase, self.left = phase, nth

    def __call__(self, phase: str) -> None:
        """The n-th time the phase is passed, die."""
        if phase == self.phase:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def run(job: dict[str, Any], out: int) -> None:
    """Write until killed, or to the end."""
    node = opened(job["store"], Path(job["folder"]), phase=Executioner(job["phase"], job["nth"]))
    for request in job["requests"]:
        for answer in node.submit([wire.encode() for wire in request]):
            assert isinstance(answer, Receipt), answer
            os.write(out, f"{answer.index}\n".encode())
        if job["follow"]:
            node.settled()
    node.close()


def main() -> None:
    """One fork per line of standard input."""
    for line in sys.stdin:
        job = json.loads(line)
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            try:
                run(job, write)
            finally:
                os._exit(0)
        os.close(write)
        with os.fdopen(read) as acknowledged:
            indexes = [int(index) for index in acknowledged]
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print(json.dumps({"acknowledged": indexes, "killed": killed}), flush=True)


if __name__ == "__main__":
    main()
