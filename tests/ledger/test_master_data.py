"""Master data in a ledger: logged, found as of a time, kept by rebuild, erased, signed elsewhere, on both databases."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.verbs import master as verbs
from api.verbs.audit import audit_store
from ledger.audience import Audience, Parties, buyer, full, member, nothing
from ledger.capture.master import read_master
from ledger.custody.erase import choose, declare
from ledger.entry.issue import Record, issue_private
from ledger.node import Node
from ledger.readside.rebuild import rebuild
from ledger.store import findings, visibility
from ledger.store import master as kept
from ledger.trust import KnownLogs
from ledger.writer.answers import Receipt
from ledger.writer.gateway import DocumentRefused
from ledger.writer.master import prepare_master
from ledger.writer.request import Master, pack, unpack
from schemas.errors import InputError
from schemas.syntax.json_text import Number
from tests.ledger.readside.test_rebuild import dump
from tests.simulator.cooperatives import joined
from tests.simulator.master import CERTIFICATE, PARTY, PRODUCT, SITE, certificate, party, product, site, written
from tests.simulator.phones import Phone, made, opened


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    sqlite = request.param == "sqlite"
    return str(tmp_path / "store") if sqlite else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def node(location: str, tmp_path: Path) -> Iterator[Node]:
    with made(location, tmp_path) as node:
        yield node


def of(iss: str) -> Audience:
    return member(iss, Parties(), given=nothing, published=nothing)


def add(node: Node, *versions: dict[str, Any], **how: Any) -> list[int]:
    return [item.index for item in verbs.add(node, written(*versions), **how).kept]


def names(node: Node, id: str, as_of: str, **how: Any) -> list[str]:
    return [item.content["name"] for item in verbs.show(node, id, audience=full(), as_of=as_of, **how)]


def test_a_question_about_last_season_is_answered_with_last_seasons_data(node: Node) -> None:
    add(node, product())
    add(
        node,
        product(validFrom="2026-01-01", name="Pesche gialle 2 kg", netContent={"value": Number("2.0"), "unit": "KGM"}),
    )
    assert names(node, "(01)09521001002011", "2025-08-01") == ["Pesche gialle 1 kg"]
    assert names(node, PRODUCT, "2026-08-01") == ["Pesche gialle 2 kg"]
    assert names(node, PRODUCT, "2024-08-01") == []
    (shown,) = verbs.show(node, PRODUCT, audience=full(), as_of="2025-08-01")
    assert shown.content["netContent"] == {"value": Number("1.0"), "unit": "KGM"}


def test_a_certificate_holds_on_the_harvest_date_and_not_the_day_after_its_end(node: Node) -> None:
    add(node, certificate())

    def holds(moment: str) -> bool:
        return bool(verbs.show(node, CERTIFICATE, audience=full(), as_of=moment))

    assert holds("2026-02-28T23:30:00+01:00")
    assert not holds("2026-03-01T00:30:00+01:00")


def test_a_correction_keeps_what_it_corrects_visible(node: Node) -> None:
    (first,) = add(node, site())
    (second,) = add(node, site(name="Magazzino nuovo"))
    (third,) = add(node, site(withdrawn=True, reason="mai esistito"))
    assert verbs.show(node, SITE, audience=full()) == []
    history = verbs.history(node, SITE, audience=full())
    assert [item.version.index for item in history] == [first, second, third]
    assert history[2].content["reason"] == "mai esistito"
    assert names(node, SITE, "2025-06-01", known=third) == ["Magazzino nuovo"]
    assert names(node, SITE, "2025-06-01", known=second) == ["Magazzino di Termeno"]
    # Each names the one before: the history is a chain in the log, too.
    record = node.entry(second).record
    assert record is not None
    assert len(record["par"]) == 1


def test_what_was_said_before_is_answered_with_the_entry_that_says_it(node: Node) -> None:
    (first,) = add(node, site())
    again = verbs.add(node, written(site(), party()))
    assert [(item.index == first, item.duplicate) for item in again.kept] == [(True, True), (False, False)]
    (other,) = add(node, site(), allow_repeat=True)
    assert other > first
    # Not a repeat once something else was said in between.
    add(node, site(name="Altro"))
    assert add(node, site())[0] > other


def test_a_file_with_one_bad_version_keeps_nothing_unless_asked(node: Node) -> None:
    bad = written(site(), party(gln="9521001000018"))
    with pytest.raises(DocumentRefused) as refused:
        verbs.add(node, bad, name="a.json")
    (error,) = refused.value.errors
    assert (error.code, error.context["document"], error.context["event"]) == ("wrong-check-digit", "a.json", 1)
    assert verbs.list_things(node, audience=full())[0] == []
    added = verbs.add(node, bad, proceed=True)
    assert ([item.event for item in added.kept], len(added.refused)) == ([0], 1)


def test_what_holds_is_listed_a_page_at_a_time(node: Node) -> None:
    add(node, site(), party(), product(), certificate())
    add(node, *(site(id=f"https://dop.example/field/{n:02}", gln=None, kind="field") for n in range(5)))
    seen, after = [], None
    while True:
        found, after = verbs.list_things(node, audience=full(), after=after, limit=3, as_of="2025-06-01")
        seen += [item.version.id for item in found]
        if after is None:
            break
    assert seen == sorted(seen)
    assert len(seen) == 9
    sites, _ = verbs.list_things(node, audience=full(), type="site", as_of="2025-06-01")
    assert len(sites) == 6
    assert verbs.list_things(node, audience=full(), as_of="2024-06-01")[0] == []


def test_master_data_is_its_members_until_it_is_given(node: Node) -> None:
    luna = joined(node, "Cooperativa Luna")
    sole = next(item.iss for item in node.registry.members() if item.iss != luna)
    (mine,) = add(node, site(), member=sole)
    add(node, site(name="Detto da Luna"), member=luna)
    assert [item.content["name"] for item in verbs.show(node, SITE, audience=of(luna), as_of="2025-06-01")] == [
        "Detto da Luna"
    ]
    with node.store.begin() as connection:
        visibility.give(connection, luna, [mine])
    both = verbs.show(node, SITE, audience=of(luna), as_of="2025-06-01")
    assert [item.version.member for item in both] == [luna, sole]
    with pytest.raises(InputError, match="master-unknown"):
        verbs.show(node, SITE, audience=of("urn:uuid:nobody"))


def test_sites_inside_a_place_are_found(node: Node) -> None:
    add(node, site())
    node.settled()
    with node.store.read() as connection:
        found = kept.inside(connection, ["https://dop.example/site/valle"], seen_by=full())
    assert found == {SITE}


def test_a_rebuild_gives_the_same_and_the_audit_is_clean(node: Node, location: str, tmp_path: Path) -> None:
    add(node, site(), party(), product(), certificate())
    node.snapshot()
    node.settled()
    before = dump(node.store)
    assert len(before["master"]) == 4
    audit_store(
        node, location, None, KnownLogs(tmp_path / "policies"), policy=None, disclosures=True, workers=1,
        progress=lambda done, total: None,
    )  # fmt: skip
    node.close()
    with opened(location, tmp_path, write=False) as reader:
        rebuild(reader.store, reader.keyring.wrapping_key)
        assert dump(reader.store) == before


def test_a_persons_data_is_erased_from_what_is_answered(node: Node) -> None:
    (index,) = add(node, party(name="Mario Rossi", taxCode="RSSMRA85T10A562S", vatNumber=None))
    parts = ("/content/name", "/content/taxCode", "/content/contacts", "/content/address")
    declare(node.membership, [choose(index, node.entry(index), parts)], "GDPR art. 17")
    node.erased()
    (left,) = verbs.show(node, PARTY, audience=full(), as_of="2025-06-01")
    assert {"name", "taxCode", "contacts", "address"}.isdisjoint(left.content)
    assert left.content["roles"] == ["cooperative"]
    declare(node.membership, [choose(index, node.entry(index))], "GDPR art. 17")
    node.erased()
    with pytest.raises(InputError, match="master-unknown"):
        verbs.show(node, PARTY, audience=full())


def test_what_a_phone_signed_is_judged_all_the_same(node: Node) -> None:
    phone = Phone.added(node)

    def wire(content: dict[str, Any]) -> bytes:
        record = Record(iat=1_750_000_000)
        place: dict[str, Any] = {"log": phone.log, "iss": phone.iss, "seq": phone.seq, "prev": phone.prev}
        (made,) = issue_private(phone.signer, **place, kind="master", content=content, record=record, salt=os.urandom)
        return made

    (good,) = node.submit([wire(site())])
    assert isinstance(good, Receipt)
    phone.seq, phone.prev = 1, good.leaf
    (bad,) = node.submit([wire(site(kind="casa", name="Sbagliato"))])
    assert isinstance(bad, Receipt)
    assert names(node, SITE, "2025-06-01") == ["Magazzino di Termeno"]
    with node.store.read() as connection:
        assert [(item.index, item.code) for item in findings.listing(connection)] == [(bad.index, "not-in-list")]


def test_versions_handed_in_arrive_as_they_were_sent() -> None:
    prepared = tuple(prepare_master(read_master(written(site(), product())), proceed=False))
    sent = Master("urn:uuid:a", "kid", prepared, True)
    again = unpack(*pack(sent))
    assert again == sent
    assert isinstance(again, Master)
    assert list(again.prepared[0].content) == list(prepared[0].content)


def test_versions_are_handed_in_to_the_process_that_writes(node: Node, location: str, tmp_path: Path) -> None:
    with opened(location, tmp_path, write="when-free") as other:
        (index,) = add(other, site())
        assert names(other, SITE, "2025-06-01") == ["Magazzino di Termeno"]
    assert node.entry(index).claims.kind == "master"


@pytest.mark.parametrize(
    ("data", "code"), [(b"[]", "master-empty"), (b"{", "json-syntax"), (b"[1]", "member-not-object")]
)
def test_what_is_no_file_of_master_data_is_refused(node: Node, data: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        verbs.add(node, data, name="x.json")
    assert (refused.value.code, refused.value.context["document"]) == (code, "x.json")


@pytest.mark.parametrize(("how", "code"), [({"type": "person"}, "master-kind"), ({"as_of": "ieri"}, "moment-form")])
def test_a_question_that_is_none_is_refused(node: Node, how: dict[str, str], code: str) -> None:
    add(node, site())
    with pytest.raises(InputError, match=code):
        verbs.show(node, SITE, audience=full(), **how)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=code):
        verbs.list_things(node, audience=full(), **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(("code", "shown"), [("RSSMRA85T10A562S", False), ("00743110157", True)])
def test_a_buyer_is_shown_the_tax_code_of_a_company_and_never_a_persons(node: Node, code: str, shown: bool) -> None:
    (index,) = add(node, party(taxCode=code))
    seen = buyer().shown(node.entry(index)).content
    assert seen is not None
    assert (seen.get("taxCode") == code) is shown
    assert "name" in seen
