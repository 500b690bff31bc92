"""`filiera credential`, as a cooperative runs it: make a key, vouch, check, revoke."""

import json
from pathlib import Path

import pytest

from schemas.syntax import json_text
from tests.simulator.chain import PEACHES, begun, observed
from tests.simulator.command_line import Shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = Shop(tmp_path_factory.mktemp("shop"))
    shop.works("init", "--name", "Cooperativa Sole")
    (shop.folder / "harvest.jsonld").write_bytes(json_text.write([begun(PEACHES, 1), observed(PEACHES, "shipping", 2)]))
    shop.works("capture", str(shop.folder / "harvest.jsonld"))
    return shop


def verdicts(shop: Shop, file: Path) -> tuple[int, dict[str, str]]:
    answer = shop("verify", str(file), "--json")
    return answer.code, json.loads(answer.out)["verdicts"]


@pytest.mark.parametrize(("format", "starts"), [("credential", b"{"), ("credential-jwt", b"eyJ")])
def test_a_lot_is_vouched_for_and_verifies(shop: Shop, format: str, starts: bytes) -> None:
    file = shop.folder / format
    shop.works("credential", PEACHES, "-o", str(file), "--format", format)
    assert file.read_bytes().startswith(starts)
    code, found = verdicts(shop, file)
    assert (code, found["issued"], found["faithful"]) == (0, "yes", "yes")


def test_a_key_made_for_it_signs_until_it_is_revoked(shop: Shop) -> None:
    def signed() -> str:
        shop.works("credential", PEACHES, "-o", str(shop.folder / "c"))
        return str(json.loads((shop.folder / "c").read_bytes())["proof"]["verificationMethod"])

    by_admin = signed()
    kid = shop.works("key", "new", "--role", "export", "--alg", "Ed25519").out.strip().split("\t")[2]
    assert signed().startswith("did:key:z6Mk")
    shop.works("key", "revoke", kid)
    assert signed() == by_admin


def test_a_credential_is_not_exported_and_says_how_it_is_issued(shop: Shop) -> None:
    answer = shop("export", "credential", PEACHES, "-o", str(shop.folder / "x"))
    assert answer.code == 65
    assert "filiera credential" in answer.err
    assert not (shop.folder / "x").exists()


def test_a_forged_credential_is_said_to_be_so(shop: Shop) -> None:
    file = shop.folder / "forged"
    shop.works("credential", PEACHES, "-o", str(file))
    file.write_bytes(file.read_bytes().replace(b'"bizStep":"shipping"', b'"bizStep":"receiving"', 1))
    code, found = verdicts(shop, file)
    assert (code, found["issued"], found["faithful"]) == (1, "no", "no")
