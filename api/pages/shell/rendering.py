"""A page: a room's template in the common frame, with the headers that let it load what is ours and nothing else.

    return page(request, "consumer", "lot.html", lot=lot)

- Templates escape whatever they are given, and a name that was not given is an error.
- In a template: `t(key, …)` the room's words, `asset(room, name)` the address of a file, `link(path, **query)` an
  address of this server that keeps a language fixed by the reader's own address; `fixed` that language, for forms.
- Every page says its policy: scripts, styles, pictures and requests of this origin only, no `unsafe-*`, no frame. A
  page that needs the camera says so with `camera=True`.

W3C Content Security Policy 3; Permissions Policy; WCAG 2.1 3.1.1 (the language of the page).
"""

from functools import cache, partial
from typing import Any
from urllib.parse import urlencode

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.pages.shell.assets import assets
from api.pages.shell.languages import PARAMETER, fixed_language, page_language
from api.pages.shell.places import here
from api.pages.shell.words import words_of
from schemas.wording import Language

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
_CAMERA = "camera=(self), geolocation=(), microphone=()"


@cache
def environment(room: str) -> Environment:
    """The templates of a room as `name`, those that all pages share as `shell/name`."""
    own = PackageLoader(f"api.pages.{room}")
    shared = PrefixLoader({"shell": PackageLoader("api.pages.shell")})
    made = Environment(
        loader=ChoiceLoader([shared, own]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = assets().url
    return made


def page(
    request: Request,
    room: str,
    template: str,
    *,
    status: int = 200,
    cache_control: str = "no-store",
    camera: bool = False,
    **shown: Any,
) -> HTMLResponse:
    """A page of a room, in the reader's language. `shown`: what the template shows."""
    language = page_language(request)
    fixed = fixed_language(request)
    text = rendered(
        room, template, language, link=partial(link, fixed), fixed=fixed, other=_other(request, language), **shown
    )
    headers = {
        "Content-Security-Policy": POLICY,
        "Content-Language": language,
        "Cache-Control": cache_control,
        "Vary": "Accept-Language, Cookie",
    }
    if camera:
        headers["Permissions-Policy"] = _CAMERA
    return HTMLResponse(text, status_code=status, headers=headers)


def rendered(room: str, template: str, language: Language, **shown: Any) -> str:
    """The text of a template."""
    say = words_of(room, language)
    return environment(room).get_template(template).render(t=say, language=language, **shown)


def link(fixed: Language | None, path: str, **query: str) -> str:
    """An address of this server; a language that the reader fixed stays fixed."""
    if fixed is not None:
        query = {**query, PARAMETER: fixed}
    return f"{path}?{urlencode(query)}" if query else path


def _other(request: Request, language: Language) -> str:
    """The address of the same page in the other language."""
    query = [(name, value) for name, value in request.query_params.multi_items() if name != PARAMETER]
    return f"{here(request)}?{urlencode([*query, (PARAMETER, 'en' if language == 'it' else 'it')])}"
