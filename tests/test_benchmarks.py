"""Every benchmark can be begun: what it measures is where it says."""

import importlib

import pytest

from benchmarks.__main__ import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_can_be_begun(name: str) -> None:
    assert callable(importlib.import_module(f"benchmarks.{name}").run)
