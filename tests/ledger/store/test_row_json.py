"""Text of rows: what the library's own encoder would write."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.store.row_json import writer

TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.mark.parametrize("sort_keys", [False, True])
@given(tree=TREES)
def test_rows_are_written_as_the_library_writes_them(sort_keys: bool, tree: Any) -> None:
    expected = json.dumps(tree, ensure_ascii=False, separators=(",", ":"), sort_keys=sort_keys)
    assert writer(sort_keys=sort_keys)(tree) == expected


def test_what_json_does_not_know_is_refused_or_stands_for_something() -> None:
    with pytest.raises(TypeError, match="bytes"):
        writer()([b"x"])
    assert writer(lambda value: value.hex())([b"x"]) == '["78"]'


@pytest.mark.parametrize("tree", [{"a": 1, "b": [None, "è"]}, "x", 7])
def test_without_the_compiled_encoder_the_text_is_the_same(tree: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = writer(sort_keys=True)(tree)
    monkeypatch.setattr("json.encoder.c_make_encoder", None)
    assert writer(sort_keys=True)(tree) == compiled
