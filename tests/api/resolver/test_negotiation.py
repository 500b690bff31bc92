"""Which form an `Accept` header prefers of those that are offered."""

import pytest

from api.resolver.negotiation import preferred

OFFERED = ("text/html", "application/linkset+json", "application/json")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        ("application/json", "application/json"),
        ("application/json, text/html", "text/html"),
        ("text/html;q=0.2, application/*;q=0.5", "application/linkset+json"),
        ("application/*, application/linkset+json;q=0", "application/json"),
        ("APPLICATION/JSON;Q=1.0, text/html;q=0.9", "application/json"),
        ("text/html;q=nonsense, application/json;q=0.1", "application/json"),
        ("image/png", None),
        ("*/*;q=0", None),
        (", ,", "text/html"),
    ],
)
def test_the_form_that_is_liked_best_is_chosen(accept: str, chosen: str | None) -> None:
    assert preferred(accept, OFFERED) == chosen
