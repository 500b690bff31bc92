"""The stretches of an audit, judged in order: here, or in processes some stretches ahead of the replay.

- The processes are forked by a server of processes, which has loaded what they need and nothing else: that is done
  once for all of them, and never in this process, which holds databases and may have threads. Where a system has no
  such server, each process loads for itself.
- While they are starting, stretches are judged here: most keys are admitted early in a log, and stretches that are
  judged before their keys are known leave the signatures to the replay.
- Where the tiles are the store's own, each process reads those of its stretches; else a stretch travels as the bytes
  that were read here. What was found out about it comes back as a few runs.

    for judged in in_processes(tree, standing.jwks, custody, workers=2): …

docs/adr/0016-examiners-are-processes.md, docs/adr/0044-what-an-audit-reads-quickly.md.
"""

from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext

from ledger.custody.audit_entries import Custody, Judged, judge_stored, judge_stretch, ready
from ledger.custody.audit_tree import TreeAudit

Jwks = Callable[[], Sequence[Mapping[str, str]]]
"""The keys admitted so far."""
Judgements = Generator[Judged, None, None]
# Stretches that wait for each process: enough for the time in which the replay computes the tag tree of a snapshot.
_AHEAD = 8
_LOADED = ["ledger.custody.audit_loaded"]


def in_order(tree: TreeAudit, jwks: Jwks, custody: Custody | None) -> Judgements:
    """Every stretch of the tree in order, judged here."""
    for number in range(tree.stretches):
        yield judge_stretch(tree.stretch(number), jwks(), custody)


def in_processes(tree: TreeAudit, jwks: Jwks, custody: Custody | None, workers: int) -> Judgements:
    """The same, judged in so many processes once they have started."""
    stored = custody if custody is not None and tree.read == custody.read else None
    waiting: deque[Future[Judged]] = deque()
    with ProcessPoolExecutor(workers, mp_context=_context()) as pool, ThreadPoolExecutor(1) as beside:
        started = beside.submit(_start, pool, workers)
        for number in range(tree.stretches):
            if number == 0 or not started.done():
                yield judge_stretch(tree.stretch(number), jwks(), custody)
            elif stored is not None:
                waiting.append(pool.submit(judge_stored, number, tree.size, jwks(), stored))
            else:
                waiting.append(pool.submit(judge_stretch, tree.stretch(number), jwks(), custody))
            if len(waiting) > _AHEAD * workers:
                yield waiting.popleft().result()
        for future in waiting:
            yield future.result()


def _start(pool: Executor, workers: int) -> None:
    """Wait until every process can begin. In a thread: to ask for a process is to wait for what it loads."""
    for one in [pool.submit(ready) for _ in range(workers)]:
        one.result()


def _context() -> BaseContext:
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    return context
