"""The OpenAPI 3.1 document of our own interface, made from the operations themselves, in either language.

- Every status that an operation can answer is in it: its own, those of a body or of parameters, and those of the door
  (401, 403, 503). A test asks the server at random and holds it to this document.
- Examples are the ones a test sends. `/epcis` is described by the standard's own document, which GS1 publishes.
- The Italian summaries are in `openapi.it.toml`, by operation.

    GET /api/v1/openapi.json

OpenAPI 3.1.0; RFC 9457.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from starlette.responses import JSONResponse, Response

from api.access import RULES
from api.http.endpoint import Ask, Body, Endpoint, Parameter, Success
from api.http.v1.schemas import COMPONENTS
from schemas.wording import Language, sentence

PATH = "/api/v1/openapi.json"
PROBLEM = "application/problem+json"
_TITLES: Mapping[Language, str] = {"en": "Filiera", "it": "Filiera"}


def describing(endpoints: Iterable[Endpoint]) -> Endpoint:
    """The operation that gives the document of these operations, itself among them."""
    listed = list(endpoints)

    def answer(ask: Ask) -> Response:
        return JSONResponse(document([*listed, own], ask.language, ask.settings.base_url))

    own = Endpoint(
        "GET", PATH, "describe", "describe", "This document.", answer,
        Success(200, "An OpenAPI 3.1 document.", schema={"type": "object"}), tag="tools",
    )  # fmt: skip
    return own


def document(endpoints: Iterable[Endpoint], language: Language, base_url: str = "") -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(_template(endpoint.path), {})[endpoint.method.lower()] = _operation(endpoint, language)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _TITLES[language],
            "version": version("filiera"),
            "summary": sentence("openapi-summary", {}, language),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base_url or "/"}],
        "paths": paths,
        "components": {
            "schemas": dict(COMPONENTS),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "fil_…"},
                "basic": {"type": "http", "scheme": "basic"},
                "session": {"type": "apiKey", "in": "cookie", "name": "filiera"},
            },
        },
    }


def summary(endpoint: Endpoint, language: Language) -> str:
    """What an operation does, in one sentence."""
    return endpoint.summary if language == "en" else italian().get(endpoint.name, endpoint.summary)


@cache
def italian() -> Mapping[str, str]:
    """The Italian summaries, by the operation's name."""
    return tomllib.loads(files("api.http").joinpath("openapi.it.toml").read_text("utf-8"))


def statuses(endpoint: Endpoint) -> dict[int, str]:
    """Every status of a refusal that the operation can answer, with what it means."""
    rule = RULES[endpoint.verb]
    found = {401, 503, *endpoint.errors}
    found |= {403} if rule.scope is not None or rule.session else set()
    found |= {400}
    if endpoint.body is not None:
        found |= {403, 408, 413, 415}
    elif endpoint.method not in ("GET", "HEAD"):
        found |= {403}
    return {status: f"problem-{status}" for status in sorted(found)}


def _template(path: str) -> str:
    return path.replace(":path}", "}")


def _operation(endpoint: Endpoint, language: Language) -> dict[str, Any]:
    said: dict[str, Any] = {
        "operationId": endpoint.name,
        "tags": [endpoint.tag],
        "summary": summary(endpoint, language),
        "responses": {
            str(endpoint.success.status): _success(endpoint.success),
            **{str(status): _refusal(code, language) for status, code in statuses(endpoint).items()},
        },
        "security": _security(endpoint),
    }
    if endpoint.description:
        said["description"] = endpoint.description
    if endpoint.parameters:
        said["parameters"] = [_parameter(parameter) for parameter in endpoint.parameters]
    if endpoint.body is not None:
        said["requestBody"] = _body(endpoint.body)
    return said


def _security(endpoint: Endpoint) -> list[dict[str, list[str]]]:
    rule = RULES[endpoint.verb]
    known: list[dict[str, list[str]]] = [{"token": []}, {"basic": []}, {"session": []}]
    return [*known, {}] if rule.scope is None or rule.published or rule.signed else known


def _parameter(parameter: Parameter) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.required,
        "description": parameter.description,
        "schema": dict(parameter.schema),
    }
    if parameter.example is not None:
        said["example"] = parameter.example
    return said


def _body(body: Body) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for media in body.media:
        content[media] = {"schema": dict(body.schema)}
        if body.example is not None:
            content[media]["example"] = body.example
    return {"required": body.required, "content": content}


def _success(success: Success) -> dict[str, Any]:
    said: dict[str, Any] = {"description": success.description}
    if success.schema is not None:
        said["content"] = {media: {"schema": dict(success.schema)} for media in (success.media, *success.also)}
    if success.headers:
        said["headers"] = {
            name: {"description": text, "schema": {"type": "string"}} for name, text in success.headers.items()
        }
    return said


def _refusal(code: str, language: Language) -> dict[str, Any]:
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": sentence(code, {}, language), "content": content}
