"""The one place that decides: who asks, with what, for which verb, about whom; the answer is an Audience or a refusal.

- Who: `caller` reads the credentials of a request. A token comes as `Authorization: Bearer fil_…`, or as the password
  of Basic for clients that know nothing else; a person's session as a cookie; a phone signs (`api.device_proof`).
  Credentials that are wrong are refused,
  never taken for none.
- Whether: `allow` holds the verb against `RULES`, a rule for each verb of the house. A verb without a rule is refused
  to everybody, and a test walks them all.
- What: the operator's credentials see everything, a member's what `ledger.audience.member` says, everybody else what
  members publish, where the operator lets them (`Settings.anonymous`); a guest sees what it was given and what is
  published, and who records in the field nothing more than that.
- A person's role may be narrower than its scopes (`api.roles`): then only the verbs it lists are let through.
- Whatever is let through with credentials is noted in the access log (`api.access_log`).
- A refusal says what is missing, never whether the thing asked for exists: what a caller may not see is answered like
  what is not there.
- 401 answers carry `CHALLENGE`. `STATUS` holds the HTTP status of each refusal.

    caller = access.caller(request.headers.get("authorization"), cookie)
    audience = access.allow(caller, "events")

ARCHITECTURE.md rule 8; docs/adr/0023-who-may-ask.md, 0024-what-a-member-sees.md,
0064-roles-invitations-and-who-saw-what.md.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from api import device_proof, roles, token_text
from api.access_log import AccessLog
from api.accounts import Account, Accounts
from api.roles import ROLES, SCOPES
from api.settings import Settings
from ledger import audience as audiences
from ledger.audience import Audience, Parties
from ledger.entry.parse import Entry
from ledger.licences import parties_of
from ledger.node import Node
from ledger.readside.introduced import OpenPlaces
from ledger.store import visibility
from ledger.store.connection import Connection
from schemas.errors import InputError

CHALLENGE = 'Bearer realm="filiera", Basic realm="filiera", charset="UTF-8"'
STATUS: Mapping[str, int] = {
    "access-no-credentials": 401,
    "access-malformed": 401,
    "access-unknown-token": 401,
    "access-token-expired": 401,
    "access-session-ended": 401,
    "device-clock": 401,
    "device-unknown": 401,
    "login-refused": 401,
    "access-scope": 403,
    "access-denied": 403,
    "access-cross-site": 403,
    "login-too-many": 429,
}
Kind = Literal["public", "token", "session", "device"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: `member` None with a token or session is the operator; a guest has a name of its own there, and `host`
    is who invited it. `key`: the gateway key it captures with; `role`: a person's."""

    name: str
    kind: Kind
    member: str | None
    scopes: frozenset[str]
    key: str | None = None
    role: str | None = None
    host: str | None = None

    @property
    def operator(self) -> bool:
        """Do these credentials belong to no member, and so to whoever runs the server?"""
        return self.kind != "public" and self.member is None

    @property
    def own(self) -> bool:
        """May it see only what it recorded itself?"""
        return self.role is not None and ROLES[self.role].own

    def may_give(self, scopes: Iterable[str]) -> None:
        """`InputError("access-scope")` where it has not all that it would give: what somebody gives is no way up. The
        operator gives members' people what it has not itself."""
        for scope in scopes:
            if scope in SCOPES and scope not in self.scopes and not self.operator:
                raise InputError("access-scope", scope=scope)

    def may_give_role(self, role: str) -> None:
        """As `may_give` for all that a role may do; `InputError("role-unknown")` where there is no such role."""
        self.may_give(ROLES[roles.known(role)].scopes)

    @property
    def owner(self) -> str:
        """By what name its jobs are kept; no token can have that of a person who sees only its own."""
        return roles.guest(self.name) if self.own else self.name


PUBLIC = Caller("", "public", None, frozenset())


@dataclass(frozen=True, slots=True)
class Rule:
    """What a verb asks: a scope (None: no credentials at all), and who else. `published`: without credentials too,
    where the operator lets published events be seen. `signed`: without credentials too, where the operator takes
    entries that prove themselves. `operator`: no member may; `members`: nobody but a member's, since it is done in its
    name; `session`: a person who signed in, about its own account; `alike`: shown to all alike, so that whoever comes
    is let in where a stranger is."""

    scope: str | None
    published: bool = False
    signed: bool = False
    operator: bool = False
    members: bool = False
    session: bool = False
    alike: bool = False


OPEN = Rule(None)
RULES: Mapping[str, Rule] = {
    # What needs no ledger, or only what everybody may read in the log's own tiles.
    "hash": OPEN, "id": OPEN, "convert": OPEN, "verify": OPEN, "verifier": OPEN,
    "formats": OPEN,
    "log": OPEN, "proof": OPEN, "member.list": OPEN, "key.list": OPEN, "describe": OPEN,
    # Who is asking, and the door itself: entries prove themselves, a login proves itself.
    "session": OPEN, "caller": OPEN, "submit": Rule("submit", signed=True),
    # Phones: one asks with a key that proves itself, its member's admin admits it, and then it shows that key.
    "device.ask": OPEN, "device.admit": Rule("admin"), "device": Rule("device"), "document.bring": Rule("device"),
    "scan": OPEN, "field": OPEN,
    # The standard's interface.
    "capture": Rule("capture"), "capture.jobs": Rule("capture"),
    "events": Rule("query", published=True), "queries": Rule("query", published=True),
    "queries.define": Rule("query"), "subscribe": Rule("subscribe"),
    # What a pack tells, to whoever holds it, and where its identifier leads.
    "pack": Rule("query", published=True, alike=True), "resolve": Rule("query", published=True, alike=True),
    "resolver": OPEN,
    # What leaves the house.
    "export": Rule("export", published=True), "label": Rule("export"), "give": Rule("export"),
    "credential": Rule("export", members=True), "publish": Rule("export"), "publish.list": OPEN,
    # What does not add up: a member's own, and what is about its shipments.
    "findings": Rule("query"),
    # The history of lots, as far as the caller sees it.
    "trace": Rule("query"),
    # Master data: a member's own, and what was given to it.
    "master": Rule("query"), "master.add": Rule("capture"),
    # Numbers of delivery notes: of the caller's own member.
    "number": Rule("capture"), "number.list": Rule("query"),
    # Recalls: as far as the asker sees, and recorded for its own member.
    "recall": Rule("query"), "recalls": Rule("query"), "recall.act": Rule("capture"), "recall.notice": Rule("query"),
    # Files beside the ledger: whoever may see their entries whole.
    "attach": Rule("capture"), "document": Rule("query"),
    # Balances: of the caller's own stock.
    "balance": Rule("query"), "season": Rule("query"),
    # What a member's own entries hold, so that its admin can declare an erasure of it.
    "erase.list": Rule("admin"),
    # Credentials, and the logs this server trusts.
    "token": Rule("admin"), "account": Rule("admin"), "token.list": Rule("admin"), "account.list": Rule("admin"),
    "access.log": Rule("admin"), "own.account": Rule(None, session=True), "invitation": OPEN, "office": Rule("query"),
    "import": Rule("capture", members=True),
    # The office's desk: records and their corrections, papers and labels of a shipment.
    "record": Rule("query"), "correct": Rule("capture", members=True), "shipments": Rule("export"),
    # Logs of others.
    "trust.list": OPEN, "trust": Rule("admin", operator=True),
}  # fmt: skip


class Access:
    """Decides for one ledger."""

    def __init__(self, node: Node, settings: Settings) -> None:
        self.accounts = Accounts(node)
        self.log = AccessLog(node, days=settings.access_days)
        self._node = node
        self._settings = settings

    def caller(self, authorization: str | None, cookie: str | None) -> Caller:
        """Who sends this `Authorization` header and this session cookie; without either, the public.

        `InputError`: `access-malformed`, `access-unknown-token`, `access-token-expired`, `access-session-ended`.
        """
        if authorization is not None and authorization.lower().startswith(f"{device_proof.SCHEME} "):
            device = device_proof.prove(self._node, authorization.partition(" ")[2])
            return Caller(device.kid, "device", device.member, device_proof.SCOPES, device.kid)
        if authorization is not None:
            found = self.accounts.token(_token_in(authorization))
            return Caller(found.name, "token", found.member, frozenset(found.scopes), found.key)
        if cookie is not None:
            person = self.accounts.session(cookie)
            return _person(person)
        return PUBLIC

    def comes(self, authorization: str | None, cookie: str | None, verb: str) -> Caller:
        """Who comes to do this: as `caller`, but where everybody may, a session that has ended is none. Whoever signs
        in again still carries the cookie of the session before, and so does who scans a pack after it."""
        try:
            return self.caller(authorization, cookie)
        except InputError as error:
            if error.code == "access-session-ended" and self._everybodys(RULES.get(verb)):
                return PUBLIC
            raise

    def _everybodys(self, rule: Rule | None) -> bool:
        """May everybody do this, and is everybody told the same?"""
        if rule is None or rule.session:
            return False
        return rule.scope is None or (rule.alike and self._settings.anonymous == "published")

    def allow(self, caller: Caller, verb: str, subject: str | None = None, *, about: str = "") -> Audience:
        """What this caller may see when it does this; `subject`: the member that the verb is about, where it is about
        one; `about`: what it is about, for the access log.

        `InputError`: `access-no-credentials`, `access-scope` (with the scope that is missing), `access-denied`.
        """
        rule = self.check(caller, verb)
        if caller.member is not None and subject is not None and subject != caller.member:
            raise InputError("access-denied")
        if rule.scope is not None and not rule.alike and caller.kind != "public":
            house = caller.host or caller.member or ""
            self.log.note(member=house, kind=caller.kind, who=caller.name, verb=verb, about=about)
        return self.audience(caller)

    def check(self, caller: Caller, verb: str) -> Rule:
        """The rule that lets this caller do this; refused as by `allow`, and noted nowhere."""
        rule = RULES.get(verb)
        if rule is None:
            raise InputError("access-denied")
        if rule.session and caller.kind != "session":
            raise InputError("access-no-credentials" if caller.kind == "public" else "access-denied")
        if rule.alike and self._settings.anonymous == "published":
            return rule
        if rule.scope is not None:
            self._check(caller, rule, rule.scope)
            self._check_role(caller, verb)
        return rule

    def _check_role(self, caller: Caller, verb: str) -> None:
        verbs = ROLES[caller.role].verbs if caller.role is not None else None
        if verbs is not None and verb not in verbs:
            raise InputError("access-denied")

    def _check(self, caller: Caller, rule: Rule, scope: str) -> None:
        if caller.kind == "public":
            shown = rule.published and self._settings.anonymous == "published"
            if not (shown or (rule.signed and self._settings.open_entries)):
                raise InputError("access-no-credentials")
            return
        if scope not in caller.scopes:
            raise InputError("access-scope", scope=scope)
        if (rule.operator and not caller.operator) or (rule.members and caller.operator):
            raise InputError("access-denied")

    def audience(self, caller: Caller) -> Audience:
        """What this caller sees."""
        if caller.operator:
            return audiences.full()
        if caller.member is None:
            return self.everybody()
        # Nothing is recorded, addressed or given by a guest's name but what was given to it.
        iss = roles.guest(caller.name) if caller.own else caller.member
        return audiences.member(
            iss,
            Parties() if roles.guest_name(iss) else self.parties(iss),
            given=self._kept(lambda index: self._asked(lambda c: visibility.was_given(c, iss, index))),
            published=self._kept(self._published),
        )

    def everybody(self) -> Audience:
        """What everybody sees, where the operator lets it be seen: what members publish, and what goes with it."""
        published, telling = self._kept(self._published), dict[str, bool]()

        def told(entry: Entry) -> bool:
            if entry.claims.kind != "master":
                return published(entry)
            iss = entry.claims.iss
            if iss not in telling:
                telling[iss] = self._asked(lambda connection: visibility.publishes(connection, iss))
            return telling[iss]

        return audiences.public(told, OpenPlaces(self._node))

    def parties(self, iss: str) -> Parties:
        """The names a member goes by, from its profile in the log as far as that is held and can be opened here."""
        return parties_of(iss, self._node.registry.member(iss), self._node.entry)

    def _published(self, index: int) -> bool:
        return self._asked(lambda connection: visibility.was_published(connection, index))

    def _asked(self, ask: Callable[[Connection], bool]) -> bool:
        with self._node.store.read() as connection:
            return ask(connection)

    def _kept(self, ask: Callable[[int], bool]) -> Callable[[Entry], bool]:
        """The question about an index, asked of an entry, once each: an audience lives no longer than its answer."""
        known: dict[tuple[str, int], bool] = {}

        def asked(entry: Entry) -> bool:
            place = entry.jwt.kid, entry.claims.seq
            if place not in known:
                known[place] = ask(self._node.source.lane_index(*place))
            return known[place]

        return asked


def remembered(authorization: str | None) -> bool:
    """Would a browser send this header by itself, once it was typed into its window? So it does with Basic."""
    return authorization is not None and authorization.lstrip().lower().startswith("basic ")


def _person(account: Account) -> Caller:
    guest = ROLES[account.role].guest
    member = roles.guest(account.name) if guest else account.member
    return Caller(
        account.name, "session", member, frozenset(account.scopes), role=account.role,
        host=account.member if guest else None,
    )  # fmt: skip


def _token_in(authorization: str) -> str:
    """The token that an `Authorization` header carries (RFC 6750, RFC 7617)."""
    scheme, _, value = authorization.strip().partition(" ")
    value = value.strip()
    if scheme.lower() == "bearer" and token_text.is_token(value):
        return value
    if scheme.lower() == "basic":
        try:
            _, colon, password = base64.b64decode(value, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            raise InputError("access-malformed") from None
        if colon and token_text.is_token(password):
            return password
    raise InputError("access-malformed")
