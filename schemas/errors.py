"""The one family of errors of the house.

Every error is a stable `code` with the values that explain it (`context`); sentences in Italian and
English are made from them by `schemas.wording`, at the faces only.

- `EvidenceError`: the data does not prove what it should (a forged, damaged or contradictory artefact).
- `InputError`: what was sent cannot be accepted; the context says which document, event or member and why.
- `UnavailableError`: the world is in the way (disk, database, network, another writer); try again.

    raise InputError("number-too-long", member="quantity", limit=64)
"""

from typing import Any


class LedgerError(Exception):
    """Base of all errors of Filiera: a stable code in kebab-case and the values that explain it."""

    def __init__(self, code: str, /, **context: Any) -> None:
        super().__init__(code)
        self.code = code
        self.context = context

    def __str__(self) -> str:
        """Code and context on one line, for logs and tests; people get `schemas.wording.sentence`."""
        details = ", ".join(f"{name}={value!r}" for name, value in self.context.items())
        return f"{self.code} ({details})" if details else self.code

    def within(self, **context: Any) -> "LedgerError":
        """The same error with more of its place known: `error.within(document="a.json", event=3)`."""
        self.context = {**context, **self.context}
        return self


class EvidenceError(LedgerError):
    """The data does not prove what it claims: a wrong signature, digest, proof or order."""


class InputError(LedgerError):
    """What was sent cannot be accepted: which field, why, and how to mend it."""


class UnavailableError(LedgerError):
    """A part of the world did not answer: nothing is wrong with the data, try again."""
