"""`python -m benchmarks [NAME…]`: runs the benchmarks, each in a process of its own, and writes RESULTS.md.

Each module has `run() -> list[Number]`; its docstring's first line is its title.
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.measure import Number, machine, table

NAMES = ["event_hash", "capture", "http", "scale", "proofs", "audit", "queries", "failover"]
RESULTS = Path(__file__).with_name("RESULTS.md")


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
    title, _, explained = (importlib.import_module(f"benchmarks.{name}").__doc__ or name).partition("\n")
    return title.rstrip("."), explained.strip(), numbers


def main() -> int:
    """Run what was asked for (everything without arguments); 1 if a bound was not held."""
    asked = sys.argv[1:] or NAMES
    parts = [
        "# Results\n",
        f"Median of three where a time is given. Machine: {machine()}.\n",
        "Written by `make bench`; every ratio is of two measurements in the same run.\n",
    ]
    missed = 0
    with tempfile.TemporaryDirectory(prefix="filiera-bench-") as folder:
        for name in asked:
            print(f"{name} …", flush=True)
            title, explained, numbers = chapter(name, folder)
            print(json.dumps([asdict(number) for number in numbers], indent=1))
            parts.append(f"## {title}\n\n{explained}\n\n{table(numbers)}\n")
            missed += sum(number.held is False for number in numbers)
    if not sys.argv[1:]:
        RESULTS.write_text("\n".join(parts), "utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
