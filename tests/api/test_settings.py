"""Settings refuse what no server could mean."""

from typing import Any

import pytest

from api.settings import Settings
from schemas.errors import InputError


def test_nothing_is_open_by_default_that_shows_anything() -> None:
    settings = Settings()
    assert (settings.host, settings.anonymous, settings.allow_private_delivery) == ("127.0.0.1", "none", False)


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("setting-range", {"port": 70_000}),
        ("setting-range", {"capture_limit": 0}),
        ("setting-range", {"session_seconds": 1}),
        ("setting-base-url", {"base_url": "registro.example.com"}),
        ("setting-base-url", {"base_url": "https://registro.example.com/"}),
        ("setting-anonymous", {"anonymous": "everything"}),
    ],
)
def test_what_no_server_could_mean_is_refused(code: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        Settings(**wrong)
    assert refused.value.code == code


def test_the_cookie_of_a_server_over_tls_belongs_to_its_host_alone() -> None:
    assert Settings(base_url="https://registro.example.com").cookie == "__Host-filiera"
    assert Settings(base_url="http://localhost:8080").cookie == "filiera"
