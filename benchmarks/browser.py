"""The verifier in a browser.

- A bundle of twenty events: a lot's history with all that is said disclosed, as a buyer gets it, with the entries that
  introduce keys beside. It is verified in Chromium, headless, by the one HTML file's own modules, with the log known.
- Each time is of a page that was just opened: the first verification, which also imports keys and has nothing compiled,
  and the median of the next ten.
- The page itself, as it is mailed, and what a phone loads to verify, packed as servers pack it.
"""

import functools
import gzip
import shutil
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.measure import Number, at_most, median
from exporters.verifier_page import verifier_page
from ledger.audience import full
from ledger.bundle import parse
from ledger.log.policy import compose, known_log
from ledger.prove import prove
from ledger.verify.bundle import verify_bundle
from tests.simulator.chain import GTIN, PACKED, PALLET, begun, loaded, observed, packed
from tests.simulator.consortium import Consortium
from tests.simulator.source import ConsortiumSource

ROOT = Path(__file__).resolve().parents[1]
EVENTS = 20
MODULES = ROOT / "ledger" / "js"
_TIMED = """
async ([base64, policy]) => {
  const { verify } = await import('/ledger/js/verify.js');
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const times = [];
  let account;
  for (let run = 0; run < 11; run += 1) {
    const start = performance.now();
    account = await verify(bytes, { policies: [policy] });
    times.push(performance.now() - start);
  }
  const [first, ...others] = times;
  return { valid: account.valid, first, next: others.sort((one, other) => one - other)[5] };
}
"""


def run() -> list[Number]:
    """Times in the browser and beside it in Python, and the sizes of what is loaded."""
    data, policy, python = _bundle()
    with _served() as origin:
        told = _in_chromium(origin, data, policy)
    if told["valid"] is not True:
        raise SystemExit("the bundle does not verify in the browser")
    page = verifier_page([policy.encode()])
    loaded = [
        file.read_bytes() for file in MODULES.glob("*.js") if "words" not in file.name and file.name != "replay.js"
    ]
    return [
        at_most(f"bundle of {EVENTS} events, first verification", told["first"], 200, "ms"),
        Number("the next ones", told["next"], "ms"),
        Number("the same in Python", python * 1e3, "ms"),
        Number("the bundle", len(data) / 1e3, "KB"),
        Number("verify.html", len(page) / 1e3, "KB"),
        Number("the modules that verify, packed", sum(len(gzip.compress(each)) for each in loaded) / 1e3, "KB"),
    ]


def _bundle() -> tuple[bytes, str, float]:
    """A bundle of so many events, the policy of its log, and the seconds that Python takes."""
    log = Consortium(members=3)
    lots = [f"{GTIN}H-{number}" for number in range(EVENTS - 3)]
    harvests = [log.event(place % 2, begun(lot, place + 1)) for place, lot in enumerate(lots)]
    packing = log.event(1, packed(lots, [PACKED], 30), par=harvests)
    loading = log.event(1, loaded(PALLET, [PACKED], 31), par=[packing])
    log.event(1, observed(PALLET, "shipping", 32), par=[loading])
    data = prove(ConsortiumSource(log), PACKED, "back", full())
    policy = compose(log.vkey, log.leaf_hashes[0])
    trusted = known_log(policy)
    known = {trusted.origin: trusted}
    events = sum(1 for entry in parse(data).entries if entry.disclosures)
    if events != EVENTS or verify_bundle(data, known=known).exit_code != 0:
        raise SystemExit(f"{events} events, or a bundle that does not verify")
    return data, policy.decode("utf-8"), median(lambda: verify_bundle(data, known=known))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@contextmanager
def _served() -> Iterator[str]:
    """The modules as they lie here, at an address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(ROOT))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _in_chromium(origin: str, data: bytes, policy: str) -> Any:
    found = shutil.which("chromium")
    if found is None:
        raise SystemExit("no browser (Debian's package chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{origin}/ledger/js/package.json")
        told = page.evaluate(_TIMED, [b64encode(data).decode("ascii"), policy])
        browser.close()
    return told
