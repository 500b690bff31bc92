"""Who may come to a server: one credential of every kind, for the tests that send everybody everywhere.

roles = Roles.made(consortium);  client.get("/api/v1/tokens", headers=roles["sole:admin"])
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from unittest.mock import patch

from api import passwords
from api.access import Access
from api.accounts import SCOPES
from api.roles import ROLES
from api.settings import Settings
from tests.api.conftest import Consortium

PASSWORD = "una frase lunga e mia"
NAMES = (
    "public",
    *(f"sole:{scope}" for scope in SCOPES),
    "luna:all",
    *(f"operator:{scope}" for scope in SCOPES if scope != "capture"),
    *(f"person:{role}" for role in ROLES),
    "wrong",
)


@dataclass(frozen=True, slots=True)
class Roles(Mapping[str, Mapping[str, str]]):
    """Headers by role: `public`, `sole:SCOPE` (one scope alone), `luna:all`, `operator:SCOPE`, `person:ROLE` (who
    signed in, of luna) and `wrong` (a token that was revoked)."""

    headers: Mapping[str, Mapping[str, str]]

    @classmethod
    def made(cls, consortium: Consortium, settings: Settings | None = None) -> "Roles":
        """Tokens and a session for everybody."""
        settings = settings or Settings()
        accounts = Access(consortium.node, settings).accounts

        def token(member: str | None, *scopes: str) -> Mapping[str, str]:
            return {"Authorization": f"Bearer {accounts.add_token('t', member=member, scopes=scopes, days=1).text}"}

        headers: dict[str, Mapping[str, str]] = {"public": {}}
        headers |= {f"sole:{scope}": token(consortium.sole, scope) for scope in SCOPES}
        headers["luna:all"] = token(consortium.luna, *SCOPES)
        headers |= {f"operator:{scope}": token(None, scope) for scope in SCOPES if scope != "capture"}
        # Passwords as slow as real ones would cost these tests seconds, and show nothing here.
        with patch.object(passwords, "_LN", 4):
            for role in ROLES:
                accounts.add_account(role, PASSWORD, member=consortium.luna, role=role)
                secret = accounts.login(role, PASSWORD, seconds=3600)
                headers[f"person:{role}"] = {"Cookie": f"{settings.cookie}={secret}", "Sec-Fetch-Site": "same-origin"}
        ended = accounts.add_token("t", member=consortium.sole, scopes=SCOPES, days=1)
        accounts.revoke_token(ended.token.id)
        headers["wrong"] = {"Authorization": f"Bearer {ended.text}"}
        return cls(headers)

    def __getitem__(self, name: str) -> Mapping[str, str]:
        return self.headers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.headers)

    def __len__(self) -> int:
        return len(self.headers)
