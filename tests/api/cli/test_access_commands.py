"""`token`, `account`, `publish` and `export bundle --to`, as their users type them."""

import json
import re
from pathlib import Path

import httpx
import pytest

from tests.simulator.command_line import Shop
from tests.simulator.cooperatives import harvested, lot, written
from tests.simulator.server import Server

WORDS = "una frase lunga e mia"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.works("init", "--name", "Cooperativa Sole", "--gln", "9521001000017")
    return shop


def test_a_token_is_made_listed_and_revoked(shop: Shop) -> None:
    made = shop("token", "add", "gestionale", "--scope", "capture", "--scope", "query")
    (text,) = made.lines
    assert made.code == 0
    assert text.startswith("fil_")
    (listed,) = (json.loads(line) for line in shop.works("token", "list", "--json").lines)
    assert (listed["name"], listed["scopes"], listed["used"]) == ("gestionale", ["capture", "query"], None)
    assert listed["key"]
    assert listed["id"] in made.err
    assert text not in shop.works("token", "list").out
    shop.works("token", "revoke", listed["id"])
    assert shop.works("token", "list").lines[0].split("\t")[4] == "revoked"
    assert shop("token", "list", lang="it").lines[0].split("\t")[4] == "revocato"


def test_a_token_of_the_operator_belongs_to_no_member(shop: Shop) -> None:
    made = json.loads(shop.works("token", "add", "admin", "--scope", "admin", "--operator", "--json").out)
    assert (made["member"], made["key"]) == (None, None)
    assert shop.works("token", "list").lines[0].split("\t")[2] == "-"
    refused = shop("token", "add", "a", "--scope", "query", "--operator", "--member", "x")
    assert (refused.code, "[member-or-operator]" in refused.err) == (64, True)


def test_an_account_is_made_with_a_password_from_a_file(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(f"{WORDS}\n")
    shop.works("account", "add", "maria", "--role", "auditor", "--password-file", file)
    (listed,) = (json.loads(line) for line in shop.works("account", "list", "--json").lines)
    assert (listed["name"], listed["role"]) == ("maria", "auditor")
    assert WORDS not in shop.works("account", "list").out
    shop.works("account", "password", "maria", "--password-file", file)
    shop.works("account", "remove", "maria")
    assert shop.works("account", "list").out == ""


def test_a_password_is_never_taken_from_nowhere(shop: Shop, tmp_path: Path) -> None:
    empty, absent = tmp_path / "empty", tmp_path / "absent"
    empty.write_text("\n")
    for how in ([], ["--password-file", empty]):
        refused = shop("account", "add", "maria", *how)
        assert (refused.code, "[password-missing]" in refused.err) == (64, True)
    refused = shop("account", "add", "maria", "--password-file", absent)
    assert (refused.code, "[file-unreadable]" in refused.err) == (65, True)


def test_a_lot_is_published_listed_and_withdrawn(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "harvest.jsonld"
    file.write_bytes(written(harvested("P-1")))
    shop.works("capture", file)
    published = shop("publish", "(01)09521001002011(10)P-1")
    assert (published.code, published.out) == (0, "")
    assert "1" in published.err
    (listed,) = (json.loads(line) for line in shop.works("publish", "--list").lines)
    assert listed["lot"] == lot("P-1")
    shop.works("publish", lot("P-1"), "--withdraw")
    assert shop.works("publish", "--list").out == ""
    again = shop("publish", lot("P-1"), "--withdraw")
    assert (again.code, "[not-published]" in again.err) == (65, True)


def test_publishing_nothing_in_particular_is_a_usage_error(shop: Shop) -> None:
    for arguments in ([], ["--list", "--withdraw"], [lot("P-1"), "--list"]):
        refused = shop("publish", *arguments)
        assert (refused.code, "[publish-what]" in refused.err) == (64, True)


def test_a_bundle_for_somebody_who_is_no_member_is_not_given(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "harvest.jsonld"
    file.write_bytes(written(harvested("P-1")))
    shop.works("capture", file)
    target = tmp_path / "lot.filiera.json"
    refused = shop("export", "bundle", lot("P-1"), "-o", target, "--to", "urn:uuid:nobody")
    assert (refused.code, "[member-unknown]" in refused.err) == (65, True)
    refused = shop("export", "bundle", lot("P-1"), "-o", target, "--to", "x", "--audience", "public")
    assert (refused.code, "[give-public]" in refused.err) == (64, True)
    (member,) = (json.loads(line) for line in shop.works("member", "list", "--json").lines)
    shop.works("export", "bundle", lot("P-1"), "-o", target, "--to", member["member"])
    assert target.exists()


def test_somebody_is_invited_takes_the_link_and_is_given_another_role(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(f"{WORDS}\n")
    made = shop("account", "invite", "maria", "--role", "owner", "--base-url", "https://registro.example.com/")
    (link,) = made.lines
    assert link.startswith("https://registro.example.com/invito/")
    (invited,) = (json.loads(line) for line in shop.works("account", "invitations", "--json").lines)
    assert (invited["name"], invited["role"]) == ("maria", "owner")
    assert link.rpartition("/")[2] not in shop.works("account", "invitations").out
    assert shop.works("account", "accept", link, "--password-file", file).out == "maria\n"
    assert "[invitation-over]" in shop("account", "accept", link, "--password-file", file).err
    assert "[account-last-owner]" not in shop("account", "role", "maria", "owner").err
    refused = shop("account", "role", "maria", "field")
    assert (refused.code, "[account-last-owner]" in refused.err) == (65, True)
    assert shop("account", "invite", "anna").code == 0
    (other,) = (json.loads(line) for line in shop.works("account", "invitations", "--json").lines)
    shop.works("account", "invitations", "--withdraw", other["id"])
    assert shop.works("account", "invitations").out == ""
    assert "/invito/" in shop("account", "reset", "maria").out
    assert shop.works("account", "sessions", "maria").out == ""
    assert "[session-unknown]" in shop("account", "sessions", "maria", "--end", "0" * 12).err


def test_a_lot_is_given_to_a_buyer_who_is_no_member(shop: Shop, tmp_path: Path) -> None:
    file, password, target = tmp_path / "harvest.jsonld", tmp_path / "password", tmp_path / "lot.filiera.json"
    file.write_bytes(written(harvested("P-1")))
    password.write_text(f"{WORDS}\n")
    shop.works("capture", file)
    refused = shop("export", "bundle", lot("P-1"), "-o", target, "--to", "guest:marta")
    assert (refused.code, "[account-unknown]" in refused.err) == (65, True)
    shop.works("account", "add", "marta", "--role", "buyer", "--password-file", password)
    shop.works("export", "bundle", lot("P-1"), "-o", target, "--to", "guest:marta")
    assert target.exists()


def test_the_first_start_prints_the_link_of_the_first_owner_and_later_ones_none(shop: Shop, tmp_path: Path) -> None:
    with Server.started(shop) as server:
        assert server.process.stdout is not None
        told = server.process.stdout.readline() + server.process.stdout.readline()
        link = re.search(r"/invito/[0-9A-Za-z_-]{43}", told)
        assert link is not None
        form = {"name": "rosa", "password": WORDS, "again": WORDS}
        headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
        taken = httpx.post(server.url + link[0], data=form, headers=headers)
        assert (taken.status_code, taken.headers["location"]) == (303, "/ufficio")
        assert server.stop() == 0
    with Server.started(shop) as server:
        assert server.stop() == 0
        assert server.process.stdout is not None
        assert "/invito/" not in server.process.stdout.read()
