"""A buyer's check, offline: a bundle, the policy of the log she trusts, and what she demands.

python examples/buyer_check.py lot.filiera.json cooperative.policy [complete …]

Exits 0 when the bundle is valid and shows what was demanded, 1 when it is not valid, 2 when it cannot be told.
"""

import sys
from pathlib import Path

from ledger.bundle import parse
from ledger.entry.parse import with_disclosures
from ledger.trust import read_policy
from ledger.verify.bundle import verify_bundle


def main(bundle: Path, policy: Path, *demanded: str) -> int:
    """Check one bundle, print what was found and, if it holds, what was recorded; the exit status."""
    log = read_policy(policy.read_bytes())  # the log's key and genesis: from somebody she trusts, not from the bundle
    account = verify_bundle(bundle.read_bytes(), known={log.origin: log}, require=demanded)
    for verdict, answer in account.verdicts.items():
        print(f"{verdict:11} {answer}")
        for reason in account.because(verdict):
            print(f"            {reason.text('en')}")
    if account.valid:
        tell(bundle.read_bytes())
    return account.exit_code


def tell(data: bytes) -> None:
    """One line for each event that the bundle opens to her."""
    for part in parse(data).entries:
        event = with_disclosures(part.entry.encode(), part.disclosures).content if part.disclosures else None
        if event is not None:
            print(f"{part.index:5}  {event.get('eventTime', '?')}  {event.get('bizStep', event.get('type'))}")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]))
