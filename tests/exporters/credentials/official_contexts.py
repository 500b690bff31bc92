"""The contexts of W3C that its vectors name and ours do not hold, read in place."""

import json
from typing import Any

from tests.official import official

FILES = {
    "https://www.w3.org/ns/credentials/examples/v2": "credentials/examples/v2",
    "https://w3id.org/citizenship/v4rc1": "citizenship/v4rc1.jsonld",
}


def contexts() -> dict[str, Any]:
    return {address: read(file) for address, file in FILES.items()}


def read(file: str) -> Any:
    return json.loads(official(f"crypto/w3c-contexts/{file}").read_text("utf-8"))
