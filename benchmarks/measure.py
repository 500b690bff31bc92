"""How a number is taken: three runs, their median, and the machine it was taken on.

- A ratio is made of two measurements of the same run, so that a slow machine slows both.
- A measurement is a `Number`: what was measured, its value and unit, and the bound it is held to, if any.

    seconds = median(lambda: verify(data))
"""

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

RUNS = 3


@dataclass(frozen=True, slots=True)
class Number:
    """One measured number. `bound` is text such as ">= 0.25" or "< 60 KB"; `held` says whether it was kept."""

    name: str
    value: float
    unit: str
    bound: str = ""
    held: bool | None = None


def at_least(name: str, value: float, bound: float, unit: str = "x") -> Number:
    """A number that must not be below its bound."""
    return Number(name, value, unit, f">= {bound:g} {unit}", value >= bound)


def at_most(name: str, value: float, bound: float, unit: str = "x") -> Number:
    """A number that must not be above its bound."""
    return Number(name, value, unit, f"<= {bound:g} {unit}", value <= bound)


def seconds(work: Callable[[], object], *, collect: bool = True) -> float:
    """Seconds of one run on the wall clock, without the garbage of what came before (unless it is part of it)."""
    if collect:
        gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(work: Callable[[], object], runs: int = RUNS) -> float:
    """The median seconds of `runs` runs."""
    return statistics.median(seconds(work) for _ in range(runs))


def resident_megabytes() -> float:
    """Memory of this process that is resident now, in MB (10^6 bytes)."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def machine() -> str:
    """The processor, cores, memory, system and Python of this machine, on one line."""
    model = "unknown processor"
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        model = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {system}"


def table(numbers: Sequence[Number]) -> str:
    """Numbers as a Markdown table."""
    rows = ["| measured | value | bound | held |", "|---|---:|---|---|"]
    for number in numbers:
        held = "" if number.held is None else "yes" if number.held else "**no**"
        rows.append(f"| {number.name} | {number.value:,.4g} {number.unit} | {number.bound} | {held} |")
    return "\n".join(rows)
