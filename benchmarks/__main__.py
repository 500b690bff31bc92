"""`python -m benchmarks [NAME…]`: runs the benchmarks, each in a process of its own, and writes RESULTS.md.

- Each module has `run() -> list[Number]`; its docstring's first line is its title.
- Every chapter of RESULTS.md says on which day and machine it was taken; those that were not asked for stay as they
  are, and a chapter whose benchmark is gone goes.
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Number, machine, table

NAMES = [
    "event_hash",
    "capture",
    "http",
    "scale",
    "proofs",
    "audit",
    "queries",
    "balance",
    "trace",
    "findings",
    "failover",
    "recall",
    "browser",
    "consumer",
    "exports",
]
RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = """# Results

Median of three where a time is given; every ratio is of two measurements in the same run. Written by `make bench`,
chapter by chapter: each says when and where it was taken."""


def chapter(name: str, folder: str) -> tuple[str, str, list[Number]]:
    """Title, explanation and numbers of one benchmark, run in a fresh process; `folder` is kept between them."""
    code = (
        "import json, sys, importlib; from dataclasses import asdict; from ledger.collector import collect_rarely; "
        "collect_rarely(); "  # as `filiera` does
        "module = importlib.import_module('benchmarks.' + sys.argv[1]); "
        "print('RESULT ' + json.dumps([asdict(number) for number in module.run()]))"
    )
    command = [sys.executable, "-c", code, name]
    environment = {"FILIERA_BENCH_FOLDER": folder, **os.environ}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT "))
    numbers = [Number(**number) for number in json.loads(line.removeprefix("RESULT "))]
    return *titled(name), numbers


def titled(name: str) -> tuple[str, str]:
    """Title and explanation of a benchmark."""
    title, _, explained = (importlib.import_module(f"benchmarks.{name}").__doc__ or name).partition("\n")
    return title.rstrip("."), explained.strip()


def main() -> int:
    """Run what was asked for (everything without arguments); 1 if a bound was not held."""
    missed = 0
    with tempfile.TemporaryDirectory(prefix="filiera-bench-") as folder:
        for name in sys.argv[1:] or NAMES:
            print(f"{name} …", flush=True)
            title, explained, numbers = chapter(name, folder)
            print(json.dumps([asdict(number) for number in numbers], indent=1))
            taken = f"Taken on {datetime.now(UTC):%Y-%m-%d}: {machine()}."
            keep(title, f"{explained}\n\n{taken}\n\n{table(numbers)}")
            missed += sum(number.held is False for number in numbers)
    return 1 if missed else 0


def keep(title: str, text: str) -> None:
    """Write one chapter into RESULTS.md, in the order of `NAMES`, and leave the others."""
    _, *parts = RESULTS.read_text("utf-8").split("\n## ") if RESULTS.exists() else [""]
    chapters = {name: told.strip() for name, _, told in (part.partition("\n") for part in parts)}
    chapters[title] = text
    order = [name for name in (titled(name)[0] for name in NAMES) if name in chapters]
    whole = "\n\n".join([HEAD, *(f"## {name}\n\n{chapters[name]}" for name in order)])
    RESULTS.write_text(whole + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
