"""Compact JSON text for rows of the read side, by an encoder that is made once.

`json.JSONEncoder.encode` makes its encoder anew for every text, which takes as long as writing a small one. Non-ASCII
stays as it is; a tree that holds itself is the caller's to avoid.

    write = writer(sort_keys=True);  write({"b": 1, "a": [2]})  ->  '{"a":[2],"b":1}'

ARCHITECTURE.md 9.
"""

import json
from collections.abc import Callable
from json import encoder
from typing import Any


def _refused(value: Any) -> Any:
    raise TypeError(type(value).__name__)


def writer(default: Callable[[Any], Any] = _refused, *, sort_keys: bool = False) -> Callable[[Any], str]:
    """What writes a tree as text; `default` says what stands for a value that JSON does not know, or raises."""
    made: Any = getattr(encoder, "c_make_encoder", None)
    if made is None:  # a Python without the compiled encoder
        slow = json.JSONEncoder(
            sort_keys=sort_keys, ensure_ascii=False, check_circular=False, separators=(",", ":"), default=default
        )
        return slow.encode
    write = made(None, default, encoder.encode_basestring, None, ":", ",", sort_keys, False, True)
    join = "".join
    return lambda tree: join(write(tree, 0))
