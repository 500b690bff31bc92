"""`refused("code")`: the block raises a LedgerError with exactly that code, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from schemas.errors import LedgerError


@contextmanager
def refused(code: str, **context: object) -> Iterator[None]:
    """Expect the code, and the context values given."""
    with pytest.raises(LedgerError) as caught:
        yield
    assert caught.value.code == code, str(caught.value)
    assert {name: caught.value.context.get(name) for name in context} == context
