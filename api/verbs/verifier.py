"""The verifier as one HTML file, with the logs it trusts baked in: to be mailed, and opened from a disk.

- The logs are those of the policies given; without one, those that the user trusts. A page without any trusts nobody,
  and says of every log that it is not known.

    page, digest = verifier([policy])

ARCHITECTURE.md 6 and 7 (`verifier`).
"""

from collections.abc import Sequence

from exporters.verifier_page import page_digest, verifier_page
from ledger.trust import read_policy


def verifier(policies: Sequence[bytes]) -> tuple[bytes, str]:
    """The page and its SHA-256 in hexadecimal digits. `InputError`: `trust-source`, `policy`, `policy-one-log`,
    `policy-genesis`."""
    for policy in policies:
        read_policy(policy)
    page = verifier_page(policies)
    return page, page_digest(page)
