"""What is kept for later: jobs, named queries, page tokens given back; the same on both databases."""

from dataclasses import replace

from ledger.store import jobs, named_queries, released_pages
from ledger.store.engine import Store
from ledger.store.jobs import Job
from ledger.store.named_queries import NamedQuery

SECOND = 1_000_000


def job(id: str, created: int = 0, **other: object) -> Job:
    made = Job(id, "capture", "erp", "member", created, created, request=b"sealed")
    return replace(made, **other)  # type: ignore[arg-type]


def keep(store: Store, *items: Job) -> None:
    with store.begin() as connection:
        for item in items:
            jobs.add(connection, item)


def claimed(store: Store, now: int, server: str = "one", kind: str = "capture") -> str | None:
    with store.begin() as connection:
        found = jobs.claim(connection, kind, now=now, server=server, lease=SECOND)
    return found.id if found else None


def test_the_job_due_longest_comes_first_and_none_twice(store: Store) -> None:
    keep(store, job("b", 5), job("a", 5), job("later", 20), job("other", 0, kind="delivery"))
    assert [claimed(store, 10, server) for server in ("one", "two", "one")] == ["a", "b", None]
    assert claimed(store, 20, "two") == "later"


def test_a_claim_that_ran_out_is_free_again_and_the_attempt_is_counted(store: Store) -> None:
    keep(store, job("a"))
    assert [claimed(store, 0), claimed(store, SECOND - 1), claimed(store, SECOND)] == ["a", None, "a"]
    with store.read() as connection:
        found = jobs.get(connection, "a")
    assert found
    assert (found.attempts, found.claim) == (2, "one")


def test_a_released_or_postponed_job_waits_until_it_is_due(store: Store) -> None:
    keep(store, job("a"), job("d", kind="delivery"))
    assert claimed(store, 0) == "a"
    with store.begin() as connection:
        jobs.release(connection, ["delivery"])
    assert claimed(store, 1) is None
    with store.begin() as connection:
        jobs.release(connection, ["capture"])
    assert claimed(store, 1) == "a"
    with store.begin() as connection:
        jobs.postpone(connection, "a", due=50)
        assert jobs.next_due(connection, "capture") == 50
    assert [claimed(store, 49), claimed(store, 50)] == [None, "a"]
    with store.read() as connection:
        assert jobs.next_due(connection, "capture") == 50 + SECOND
        assert jobs.next_due(connection, "nothing") is None


def test_a_finished_job_keeps_its_outcome_and_forgets_its_request(store: Store) -> None:
    keep(store, job("a"))
    with store.begin() as connection:
        jobs.note(connection, "a", b"came of it", failed=True)
        assert jobs.waiting(connection, "capture") == 1
        jobs.finish(connection, "a", now=7)
        jobs.finish(connection, "a", now=9)
    with store.read() as connection:
        found = jobs.get(connection, "a")
        assert jobs.waiting(connection, "capture") == 0
    assert found == job("a", outcome=b"came of it", failed=True, finished=7, request=None)
    assert claimed(store, 100) is None


def test_jobs_are_listed_newest_first_page_by_page_for_their_member(store: Store) -> None:
    keep(store, job("a", 1), job("c", 2), job("b", 2), job("d", 3, member="another"))
    with store.read() as connection:
        first = jobs.listing(connection, "capture", member=None, after=None, limit=2)
        rest = jobs.listing(connection, "capture", member=None, after=(first[-1].created, first[-1].id), limit=9)
        own = jobs.listing(connection, "capture", member="member", after=None, limit=9)
        missing = jobs.get(connection, "nobody")
    assert ["".join(item.id for item in page) for page in (first, rest, own)] == ["dc", "ba", "cba"]
    assert missing is None


def test_old_jobs_go_and_unfinished_ones_stay(store: Store) -> None:
    keep(store, job("done", finished=5), job("recent", finished=10), job("waits"))
    with store.begin() as connection:
        assert [jobs.any_before(connection, "capture", time) for time in (5, 6)] == [False, True]
        assert jobs.purge(connection, "delivery", before=10) == 0
        assert jobs.purge(connection, "capture", before=10) == 1
        assert [jobs.get(connection, id) is None for id in ("done", "recent", "waits")] == [True, False, False]


def test_a_named_query_belongs_to_its_member(store: Store) -> None:
    mine, theirs = (NamedQuery(member, "shipped", "erp", 1, "{}") for member in ("mine", "theirs"))
    with store.begin() as connection:
        assert named_queries.add(connection, mine)
        assert named_queries.add(connection, theirs)
        assert not named_queries.add(connection, replace(mine, query='{"GE_eventTime":""}'))
        assert named_queries.get(connection, "mine", "shipped") == mine
        assert named_queries.remove(connection, "mine", "shipped")
        assert not named_queries.remove(connection, "mine", "shipped")
        assert named_queries.get(connection, "mine", "shipped") is None
        assert named_queries.get(connection, "theirs", "shipped") == theirs


def test_named_queries_are_listed_by_code_point_page_by_page(store: Store) -> None:
    names = ["a", "B", "é", "b", "_"]
    with store.begin() as connection:
        for name in names:
            named_queries.add(connection, NamedQuery("m", name, "erp", 1, "{}"))
        first = named_queries.listing(connection, "m", after=None, limit=2)
        rest = named_queries.listing(connection, "m", after=first[-1].name, limit=9)
    assert [item.name for item in [*first, *rest]] == sorted(names)


def test_a_token_given_back_is_remembered_until_it_would_have_run_out(store: Store) -> None:
    with store.begin() as connection:
        released_pages.release(connection, b"one", expires=10, now=0)
        released_pages.release(connection, b"one", expires=10, now=0)
        assert released_pages.is_released(connection, b"one")
        released_pages.release(connection, b"two", expires=20, now=10)
        assert [released_pages.is_released(connection, digest) for digest in (b"one", b"two")] == [False, True]
