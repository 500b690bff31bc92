"""A Postman collection as requests: each with its name, method, address, headers and body as Postman sends them.

- Only the base URL (`{{BaseUrl}}`) is filled in; the credentials are the client's business.
- A body of language `json` without a content type gets one, as Postman gives it; every other byte is the collection's.
- Requests without an address, which Postman cannot send either, are left out, and named by `unsendable`.

    requests = Collection.read(file).requests;  requests[0].send(client, "http://127.0.0.1:8080/epcis")

Postman Collection Format 2.1.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx


@dataclass(frozen=True, slots=True)
class Request:
    """One request; its name has those of its folders."""

    name: str
    method: str
    address: str
    headers: dict[str, str]
    body: str

    def send(self, client: httpx.Client, base: str, *, body: str | None = None) -> httpx.Response:
        """Send it; `body`: another than its own."""
        content = (self.body if body is None else body).encode()
        address = self.address.replace("{{BaseUrl}}", base)
        return client.request(self.method, address, headers=self.headers, content=content)


@dataclass(frozen=True, slots=True)
class Collection:
    """What a collection holds, in the order in which Postman runs it."""

    requests: tuple[Request, ...]
    unsendable: tuple[str, ...]

    @classmethod
    def read(cls, file: Path) -> "Collection":
        """The collection in a file."""
        named = list(_walk(json.loads(file.read_text("utf-8"))["item"], ""))
        sendable = [_request(name, said) for name, said in named if "url" in said]
        return cls(tuple(sendable), tuple(name for name, said in named if "url" not in said))

    def __getitem__(self, name: str) -> Request:
        """The request of that name."""
        return next(request for request in self.requests if request.name == name)


def _walk(items: list[Any], folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for item in items:
        name = folder + item["name"]
        if "item" in item:
            yield from _walk(item["item"], f"{name} / ")
        else:
            yield name, item["request"]


def _request(name: str, said: dict[str, Any]) -> Request:
    headers = {header["key"]: header["value"] for header in said.get("header", ())}
    body = said.get("body", {})
    if body.get("options", {}).get("raw", {}).get("language") == "json":
        headers.setdefault("Content-Type", "application/json")
    return Request(name, said["method"], said["url"]["raw"], headers, body.get("raw", ""))
