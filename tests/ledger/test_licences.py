"""Which company prefixes a log knows: those of its members' profiles, as far as they can be read."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ledger.licences import company_prefixes
from ledger.node import Node
from schemas.gs1.recognise import recognise
from tests.simulator.phones import PASSPHRASE

LOT = "https://id.gs1.org/01/19521234543210/10/L7"


@pytest.fixture
def store(tmp_path: Path) -> str:
    place = str(tmp_path / "store")
    prefixes = ("9521234", "952123456")
    with Node.init(place, name="Sole", passphrase=PASSPHRASE, prefixes=prefixes) as node:
        founder = node.own_member("admin")
        for name, further in (("Luna", ("8001234", "9521234")), ("Stelle", ())):
            said = node.membership.propose(founder, node.membership.offer(), name=name, prefixes=further)
            node.membership.approve(founder, said.leaf)
    return place


def test_every_members_licence_counts_once(store: str) -> None:
    with Node.open(store, passphrase=PASSPHRASE) as node:
        known = node.company_prefixes()
    assert known.prefixes == ("9521234", "952123456", "8001234")
    assert recognise(LOT, prefixes=known).urn == "urn:epc:class:lgtin:9521234.154321.L7"


def test_a_profile_that_cannot_be_read_licenses_nothing(store: str) -> None:
    with Node.open(store, write=False) as node:
        assert node.company_prefixes().prefixes == ()


def test_what_no_licence_says_is_passed_over(store: str) -> None:
    @dataclass
    class Signed:
        profile: dict[str, Any]

    with Node.open(store, passphrase=PASSPHRASE) as node:
        members = node.registry.members()[:1]
        for said, kept in ((["9521234", "95", 7, "prefix", None], ("9521234",)), ("9521234", ()), (None, ())):
            shown = Signed({"name": "Sole", "companyPrefixes": said})
            assert company_prefixes(members, lambda index, it=shown: it).prefixes == kept  # type: ignore[misc]
