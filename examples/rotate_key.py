"""A member's keys replaced, and what it signed before stays valid: standing goes by the place in the log, not by today.

python examples/rotate_key.py
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ledger.audience import full
from ledger.capture.document import read_document
from ledger.node import Node
from ledger.prove import prove
from ledger.trust import KnownLogs
from ledger.verify.bundle import verify_bundle

HERE = Path(__file__).parent
LOT = "https://id.gs1.org/01/09521001002011/10/F26175"


def main(folder: Path) -> None:
    """Capture with one gateway key, rotate the admin key, replace the gateway key, capture again, verify both."""
    where: dict[str, Any] = {"policies": folder / "policies", "guard": str(folder / "guard")}
    with Node.init(str(folder / "store"), name="Cooperativa Sole", passphrase=b"una frase lunga", **where) as node:
        member = node.own_member()
        (first_key,) = node.keyring.find(role="gateway", iss=member)
        node.capture(read_document((HERE / "harvest.jsonld").read_bytes()))

        admin = node.membership.rotate(member)  # the next admin key, committed to in advance, takes over
        fresh = node.membership.new_key("gateway", member)  # signed by it
        ended = node.membership.revoke(first_key)
        print(f"{admin.index}: admin key {admin.kid}")
        print(f"{fresh.index}: gateway key {fresh.kid}")
        print(f"{ended.index}: the end of gateway key {ended.kid}")

        node.capture(read_document((HERE / "packing.jsonld").read_bytes()))
        node.snapshot()
        bundle = prove(node.source, LOT, "back", full())
    account = verify_bundle(bundle, known=KnownLogs(folder / "policies").load())
    print("keys valid:", account.verdicts["keys_valid"])


if __name__ == "__main__":
    with TemporaryDirectory() as name:
        main(Path(name))
