"""In which language a page is shown: Italian first, English complete.

- A link may fix it: `?lang=it` or `?lang=en`. It wins over what the browser prefers, and the page's own links keep it.
- Else what `Accept-Language` prefers of the two. A browser that says nothing gets Italian; one that speaks neither gets
  English, which more of its readers know.

    page_language(request)  ->  "it"

RFC 9110 section 12.5.4.
"""

from starlette.requests import Request

from api.problems import language_of
from schemas.wording import Language

PARAMETER = "lang"


def fixed_language(request: Request) -> Language | None:
    """The language that the address itself asks for."""
    asked = request.query_params.get(PARAMETER)
    if asked == "it":
        return "it"
    return "en" if asked == "en" else None


def page_language(request: Request) -> Language:
    """The language of the page that answers this request."""
    fixed = fixed_language(request)
    if fixed is not None:
        return fixed
    return language_of(request.headers) if "accept-language" in request.headers else "it"
