"""A form that was sent after the session had ended: what was typed is carried over signing in, and shown again.

- It travels in the sign-in form itself, so the server keeps nothing of people who have not signed in.
- Afterwards it is shown, and sent only if the person says so: nothing is carried out by itself. Only forms of this
  server's own pages come so far (`api.http.cross_site`).
- Passwords and secrets are never carried, nor files: their names are, so that the page can say what to give again.

    text = packed(form);  unpacked(text)  ->  Kept((("name", "maria"),), again=("password",))

WCAG 2.2 2.2.5 (re-authenticating).
"""

import json
from dataclasses import dataclass

from starlette.datastructures import FormData

from schemas.errors import InputError

MOST = 200_000
_SECRET = frozenset(("password", "again", "old", "secret", "kept"))


@dataclass(frozen=True, slots=True)
class Kept:
    """What was typed, in its order, and the names of what has to be given `again`."""

    fields: tuple[tuple[str, str], ...] = ()
    again: tuple[str, ...] = ()


def packed(form: FormData) -> str:
    """A form as text; `InputError("form-kept-too-large")`."""
    fields, again = [], []
    for name, value in form.multi_items():
        if name in _SECRET or not isinstance(value, str):
            again.append(name)
        else:
            fields.append([name, value])
    text = json.dumps([fields, again], ensure_ascii=False)
    if len(text) > MOST:
        raise InputError("form-kept-too-large")
    return text


def unpacked(text: str) -> Kept:
    """The form again; nothing where the text is none that `packed` wrote."""
    try:
        fields, again = json.loads(text[: MOST + 1])
        found = tuple((str(name), str(value)) for name, value in fields if str(name) not in _SECRET)
        return Kept(found, tuple(map(str, again)))
    except (ValueError, TypeError, RecursionError):
        return Kept()
