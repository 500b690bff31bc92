"""`key asking` and `key admit`, as an admin types them with the phone before her."""

import json
from pathlib import Path

from api.verbs import device
from ledger.keys.signature import pop_message
from ledger.keys.signer import MemorySigner
from ledger.node import Node
from schemas.syntax import base64url
from tests.simulator.command_line import PASSPHRASE, Shop


def test_a_phone_is_admitted_once_its_fingerprint_is_compared(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.works("init", "--name", "Cooperativa Sole")
    signer = MemorySigner.generate("ES256")
    with Node.open(str(shop.store), passphrase=PASSPHRASE.encode(), guard=str(tmp_path / "guard")) as node:
        iss = node.own_member("admin")
        pop = base64url.encode(signer.sign(pop_message(node.origin, iss, signer.public.kid, "device", None)))
        asked = device.ask(node, member=iss, jwk=dict(signer.public.jwk), pop=pop, name="Telefono di Anna")
    (listed,) = (json.loads(line) for line in shop.works("key", "asking", "--json").lines)
    assert (listed["code"], listed["name"], listed["fingerprint"]) == (asked.code, asked.name, asked.fingerprint)
    assert asked.fingerprint in shop.works("key", "asking").out
    unsaid = shop("key", "admit", asked.code)
    assert (unsaid.code, "[device-fingerprint-missing]" in unsaid.err) == (64, True)
    other = shop("key", "admit", asked.code, "--fingerprint", "AAAA-AAAA-AAAA-AAAA")
    assert (other.code, "[device-fingerprint]" in other.err) == (65, True)
    admitted = shop.works("key", "admit", asked.code.lower(), "--fingerprint", asked.fingerprint)
    assert admitted.lines[0].split("\t")[2] == signer.public.kid
    assert shop.works("key", "asking").out == ""
    assert "[device-code]" in shop("key", "admit", asked.code, "--fingerprint", asked.fingerprint).err
