"""`/docs`: one page that lists every operation, in the reader's language; our own, with no script.

describing(ENDPOINTS)  ->  the operation that answers the page

The page is made from the same values as the OpenAPI document. WCAG 2.1 AA: headings in order, a language, no colour
that carries meaning alone.
"""

from collections.abc import Iterable, Sequence
from html import escape

from starlette.responses import HTMLResponse, Response

from api.access import RULES
from api.http.endpoint import Ask, Endpoint, Success
from api.http.openapi import PATH, statuses, summary
from schemas.wording import Language, sentence

# Its style alone, named by its digest: nothing else may run or load.
_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}"
    "code,pre{font:.9rem/1.4 ui-monospace,monospace}h2{margin-top:2.5rem}h3{margin:1.5rem 0 .25rem}"
    "dt{font-weight:600}dd{margin:0 0 .5rem 1rem}"
)


def describing(endpoints: Iterable[Endpoint]) -> Endpoint:
    """The operation that gives the page about these operations."""
    listed = list(endpoints)

    def answer(ask: Ask) -> Response:
        return HTMLResponse(page(listed, ask.language), headers={"Content-Security-Policy": POLICY})

    return Endpoint(
        "GET", "/docs", "describe", "readDocs", "The page about this interface.", answer,
        Success(200, "A page.", media="text/html", schema={"type": "string"}), tag="tools",
    )  # fmt: skip


def page(endpoints: Sequence[Endpoint], language: Language) -> str:
    """The page as HTML."""

    def said(code: str, **context: str) -> str:
        return escape(sentence(code, context, language))

    tags = dict.fromkeys(endpoint.tag for endpoint in endpoints)
    parts = [
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Filiera: {said("docs-title")}'
        f'</title><meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><main>'
        f"<h1>Filiera: {said('docs-title')}</h1><p>{said('docs-about', path=PATH)}</p><p>{said('docs-epcis')}</p>"
    ]
    for tag in tags:
        parts.append(f"<h2>{said(f'docs-tag-{tag}')}</h2>")
        parts += [_operation(endpoint, language) for endpoint in endpoints if endpoint.tag == tag]
    return "".join([*parts, "</main></body></html>"])


def _operation(endpoint: Endpoint, language: Language) -> str:
    rule = RULES[endpoint.verb]
    scope = rule.scope or "-"
    rows = [("docs-scope", f"<code>{scope}</code>")]
    rows += [
        ("docs-parameter", f"<code>{escape(parameter.name)}</code> {escape(parameter.description)}")
        for parameter in endpoint.parameters
    ]
    if endpoint.body is not None:
        rows.append(("docs-body", f"<code>{escape(', '.join(endpoint.body.media))}</code>"))
    answers = ", ".join(str(status) for status in (endpoint.success.status, *statuses(endpoint)))
    rows.append(("docs-answers", f"<code>{answers}</code>"))
    listed = "".join(f"<dt>{escape(sentence(code, {}, language))}</dt><dd>{text}</dd>" for code, text in rows)
    name = f"{endpoint.method} {endpoint.path.replace(':path', '')}"
    head = f'<h3 id="{endpoint.name}"><code>{escape(name)}</code></h3>'
    return f"{head}<p>{escape(summary(endpoint, language))}</p><dl>{listed}</dl>"


def _policy() -> str:
    import base64
    import hashlib

    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


POLICY = _policy()
