"""Phones: asked for by a code, admitted by an admin who compared the fingerprint, then known by what they sign."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.device_proof import message
from api.verbs import device
from ledger.capture.attachment import MOST_BYTES
from ledger.entry.issue import issue_public
from ledger.keys.signature import pop_message
from ledger.keys.signer import MemorySigner
from ledger.node import Node
from schemas.errors import InputError
from schemas.syntax import base64url
from tests.simulator.cooperatives import SOLE
from tests.simulator.phones import made, opened
from tests.simulator.server import running, token_of


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    folder = tmp_path_factory.mktemp("devices")
    with made(str(folder / "store"), folder, gln=SOLE) as found:
        yield found


@pytest.fixture(scope="module")
def client(node: Node) -> Iterator[httpx.Client]:
    with running(node, token=None) as found:
        yield found


def request(node: Node, signer: MemorySigner, **changes: Any) -> dict[str, Any]:
    iss = node.own_member("admin")
    pop = signer.sign(pop_message(node.origin, iss, signer.public.kid, "device", None))
    asked = {"member": iss, "jwk": dict(signer.public.jwk), "pop": base64url.encode(pop), "name": "Telefono di Anna"}
    return asked | changes


def asked(node: Node, client: httpx.Client) -> tuple[MemorySigner, dict[str, Any]]:
    signer = MemorySigner.generate("ES256")
    answer = client.post("/api/v1/devices", json=request(node, signer))
    assert answer.status_code == 200, answer.text
    return signer, answer.json()


def proof(node: Node, signer: MemorySigner, seconds: int | None = None) -> dict[str, str]:
    at = int(node.clock()) if seconds is None else seconds
    signature = base64url.encode(signer.sign(message(node.origin, signer.public.kid, at)))
    return {"Authorization": f"Filiera-Device {signer.public.kid}.{at}.{signature}"}


def test_a_phone_is_admitted_by_its_code_and_then_knows_what_it_needs(node: Node, client: httpx.Client) -> None:
    signer, said = asked(node, client)
    assert client.get("/api/v1/device", headers=proof(node, signer)).json()["code"] == "device-unknown"
    found = device.look(node, f" {said['code'][:4].lower()}-{said['code'][4:]}")
    assert (found.kid, device.fingerprint(found.kid)) == (signer.public.kid, said["fingerprint"])
    device.admit(node, found)
    key = node.registry.key_state(signer.public.kid)
    assert key is not None
    assert (key.role, key.iss) == ("device", node.own_member("admin"))
    with pytest.raises(InputError, match="device-code"):
        device.look(node, said["code"])
    facts = client.get("/api/v1/device", headers=proof(node, signer)).json()
    assert facts["origin"] == node.origin
    assert facts["lane"] == {"seq": 0, "prev": None}
    assert base64url.decode(facts["secret"]) == node.keyring.object_secret(key.iss)


def test_a_file_that_a_phone_brings_is_held_to_its_size(node: Node, client: httpx.Client) -> None:
    signer, said = asked(node, client)
    device.admit(node, device.look(node, said["code"]))
    sent = {"Content-Type": "application/octet-stream", **proof(node, signer)}
    answer = client.put("/api/v1/documents/0", content=b"x" * (MOST_BYTES + 1), headers=sent)
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


def test_an_admin_elsewhere_brings_the_entry_that_it_signed(node: Node, client: httpx.Client) -> None:
    signer, said = asked(node, client)
    iss = node.own_member("admin")
    kid = next(kid for kid in node.keyring.find(role="admin", iss=iss))
    head = node.registry.lane(kid)
    place = {"seq": 0, "prev": None} if head is None else {"seq": head[0] + 1, "prev": head[1]}
    sent = request(node, signer)

    def entry(**changes: str) -> str:
        body = {
            "op": "add",
            "kid": signer.public.kid,
            "role": "device",
            "jwk": sent["jwk"],
            "pop": sent["pop"],
        } | changes
        wire = issue_public(node.keyring.open(kid), log=node.origin, iss=iss, kind="key", body=body, **place)  # type: ignore[arg-type]
        return wire.decode("ascii")

    path, admin = f"/api/v1/devices/{said['code']}", {"Authorization": f"Bearer {token_of(node, iss, 'admin')}"}
    refused = client.post(path, json={"entry": entry(role="gateway")}, headers=admin)
    assert refused.json()["code"] == "device-other"
    answer = client.post(path, json={"entry": entry()}, headers=admin)
    assert answer.status_code == 200, answer.text
    assert node.leaf(answer.json()["index"])
    assert client.get("/api/v1/device", headers=proof(node, signer)).status_code == 200


def test_codes_expire_and_few_wait_at_once(tmp_path: Path) -> None:
    with made(str(tmp_path / "store"), tmp_path, gln=SOLE):
        pass
    now = [1_800_000_000.0]
    with opened(str(tmp_path / "store"), tmp_path, clock=lambda: now[0]) as node:

        def ask() -> device.Asked:
            sent = request(node, MemorySigner.generate("ES256"))
            return device.ask(node, **sent)

        first, *_ = [ask() for _ in range(device.MOST)]
        assert len(device.waiting(node)) == device.MOST
        with pytest.raises(InputError, match="device-too-many"):
            ask()
        now[0] += 60 * device.MINUTES
        with pytest.raises(InputError, match="device-code"):
            device.look(node, first.code)
        assert ask().expires == now[0] + 60 * device.MINUTES
        assert len(device.waiting(node)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "device-name"),
        ({"name": "a\nb"}, "device-name"),
        ({"member": "urn:uuid:6f1c3a52-9d4e-4b7a-8c21-5e0f9a7b3d10"}, "member-unknown"),
        ({"pop": base64url.encode(bytes(64))}, "pop-wrong"),
        ({"jwk": "x"}, "request-member-kind"),
        ({"jwk": None}, "request-member-missing"),
    ],
)
def test_what_is_not_kept_as_a_request(node: Node, client: httpx.Client, changes: dict[str, Any], code: str) -> None:
    answer = client.post("/api/v1/devices", json=request(node, MemorySigner.generate("ES256"), **changes))
    assert answer.status_code == 400
    assert answer.json()["code"] == code


def test_only_what_the_key_itself_signed_now_lets_a_phone_in(node: Node, client: httpx.Client) -> None:
    signer, said = asked(node, client)
    said_ = device.admit(node, device.look(node, said["code"]))
    now = int(node.clock())
    for headers, code in (
        (proof(node, signer, now - 301), "device-clock"),
        (proof(node, MemorySigner.generate("ES256")), "device-unknown"),
        (
            {"Authorization": f"Filiera-Device {signer.public.kid}.{now}.{base64url.encode(bytes(64))}"},
            "device-unknown",
        ),
        ({"Authorization": "Filiera-Device x"}, "access-malformed"),
    ):
        answer = client.get("/api/v1/device", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, code)
    # What lets it read its own does not let it do anything else.
    assert client.get("/api/v1/tokens", headers=proof(node, signer)).json()["code"] == "access-scope"
    assert said_.kid is not None
    node.membership.revoke(said_.kid)
    assert client.get("/api/v1/device", headers=proof(node, signer)).json()["code"] == "device-unknown"


def test_a_phone_asks_anew_with_the_same_key_until_it_is_admitted(node: Node, client: httpx.Client) -> None:
    signer, first = asked(node, client)
    again = client.post("/api/v1/devices", json=request(node, signer)).json()
    assert again["code"] != first["code"]
    with pytest.raises(InputError, match="device-code"):
        device.look(node, first["code"])
    device.admit(node, device.look(node, again["code"]))
    assert client.post("/api/v1/devices", json=request(node, signer)).json()["code"] == "device-admitted"


def test_the_barcodes_of_a_picture_are_read(client: httpx.Client) -> None:
    from exporters.labels.decode import Drawn, _pixels
    from exporters.labels.symbols import qr

    pixels, width, height = _pixels(Drawn(qr("https://id.gs1.org/01/09521001001014/10/11-260701"), 4, 0))

    def scan(**changes: Any) -> httpx.Response:
        query = {"width": width, "height": height} | changes
        return client.post(
            "/api/v1/scan", params=query, content=pixels, headers={"Content-Type": "application/octet-stream"}
        )

    assert scan().json() == ["https://id.gs1.org/01/09521001001014/10/11-260701"]
    assert scan(height=height - 1).json()["code"] == "scan-pixels"
    assert scan(width=1 << 14).json()["code"] == "scan-size"
