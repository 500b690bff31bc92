"""Sign and verify in ten lines: a document goes into a log of its own, a bundle comes out, anybody can check it.

python examples/sign_and_verify.py
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

harvest = Path(__file__).with_name("harvest.jsonld")
with TemporaryDirectory() as name:
    folder = Path(name)
    where: dict[str, Any] = {"policies": folder / "policies", "guard": str(folder / "guard")}
    with Node.init(str(folder / "store"), name="Cooperativa Sole", passphrase=b"una frase lunga", **where) as node:
        node.capture(read_document(harvest.read_bytes()))  # each event signed, chained, logged
        node.snapshot()
        bundle = prove(node.source, "https://id.gs1.org/01/09521001001014/10/11-260624", "back", full())
    account = verify_bundle(bundle, known=KnownLogs(folder / "policies").load())  # no store, no network, no clock
    print("valid" if account.valid else "not valid", account.verdicts)
    forged = bundle.replace(b'"direction":"back"', b'"direction":"both"')
    print("forged:", verify_bundle(forged, known=KnownLogs(folder / "policies").load()).reasons[0].code)
