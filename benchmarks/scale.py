"""Cost per entry and memory from 10^3 to 10^6 entries.

- At each size requests of full entries (13 disclosures) are timed one by one; their median over 256 is the cost of an
  entry there. Each size is measured next to raw verification, so that a machine that slows down does not count.
- The read side, which follows after the answer, is timed beside it: *with the read side* holds both.
- Every fourth entry goes on with a lot of any age, so old tags are looked up; the fill itself is timed too, and holds
  what medians leave out: flushing and merging look-ups, snapshots.
- Memory is that of the whole process, store and keys open. Start-up is `Node.open` for writing, in a new process.
"""

import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.large import ENTRIES, Large, folder, seconds_of
from benchmarks.measure import Number, at_most, resident_megabytes, seconds
from benchmarks.raw import verifications_per_second
from benchmarks.signed import REQUEST

SIZES = (10**3, 10**4, 10**5, 10**6)
REQUESTS = 24
_START = """
import sys, time
from pathlib import Path
from benchmarks.measure import resident_megabytes
from benchmarks.signed import opened
where = Path(sys.argv[1])
start = time.perf_counter()
node = opened(str(where / "store"), where)
print(time.perf_counter() - start, resident_megabytes())
node.close()
"""


def run() -> list[Number]:
    """The cost of an entry and the memory at each size, and what it takes to start at the largest."""
    with folder() as where:
        return [*_sizes(where), *_start(where)]


def _sizes(where: Path) -> list[Number]:
    large = Large.begun(where)
    numbers: list[Number] = []
    costs: list[float] = []
    wholes: list[float] = []
    rates: list[float] = []
    for size in [size for size in SIZES if size <= ENTRIES]:
        large.fill(size)
        rates.append(large.rate())
        cost, relative, whole = _cost(large)
        costs.append(relative)
        wholes.append(whole)
        numbers += [
            Number(f"cost of an entry at {size:,}", cost * 1e6, "µs"),
            Number(f"the same in raw verifications at {size:,}", relative, "x"),
            Number(f"the same with the read side at {size:,}", whole, "x"),
            Number(f"resident memory at {size:,}", resident_megabytes(), "MB"),
        ]
    large.finish()
    return [
        *numbers,
        at_most(f"cost of an entry at {ENTRIES:,} against {SIZES[0]:,}", costs[-1] / costs[0], 1.3),
        Number(f"the same with the read side at {ENTRIES:,} against {SIZES[0]:,}", wholes[-1] / wholes[0], "x"),
        Number(f"entries per second while filling up to {SIZES[1]:,}", rates[1], "/s"),
        Number(f"entries per second while filling up to {ENTRIES:,}", rates[-1], "/s"),
    ]


def _cost(large: Large) -> tuple[float, float, float]:
    """Median seconds of an entry, the same in raw verifications, and those with the read side."""
    requests = [large.windows.request() for _ in range(REQUESTS)]
    taken, followed, raw = [], [], []
    for place, request in enumerate(requests):
        large.node.settled()
        if place % 6 == 0:
            raw.append(verifications_per_second())
        taken.append(seconds_of(request, large.node) / REQUEST)
        followed.append(taken[-1] + seconds(large.node.settled, collect=False) / REQUEST)
    cost, rate = statistics.median(taken), statistics.median(raw)
    return cost, cost * rate, statistics.median(followed) * rate


def _start(where: Path) -> list[Number]:
    found = []
    for _ in range(3):
        command = [sys.executable, "-c", _START, str(where)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        found.append([float(text) for text in done.stdout.split()])
    taken, memory = (statistics.median(column) for column in zip(*found, strict=True))
    return [
        at_most(f"start-up for writing at {ENTRIES:,}", taken, 5, "s"),
        at_most(f"resident memory after start-up at {ENTRIES:,}", memory, 400, "MB"),
    ]
