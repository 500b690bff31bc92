"""Verify a bundle: bytes and known logs in, an account out. The rules, in the order in which they are applied:

1. The bytes are the one spelling of a bundle of version 1, whole and undamaged (`ledger.bundle`). If not, nothing else
   is asked.
2. `authentic`: each entry is what its key signed, under a key an entry here introduces; each disclosure is its own.
3. `included`: the leaves and the walk's nodes give the root of a checkpoint signed by a log that was known before.
4. `keys_valid`: by the operator's snapshot that ends the checkpoint, each key stood at each index where it signed.
5. `unbroken`: lanes link, parents are here, and what went into the subject begins somewhere that is shown.
6. `witnessed`: the quorum of the known log's policy cosigned the checkpoint.
7. `complete`: the snapshot's tag tree holds nothing for the subject that is not here.
8. `balanced`: no more came out of a process, or left a lot, than went in, as far as amounts are shown.
9. `timed` is not shown by this version.

A rule that is contradicted makes its verdict `no`; one that lacks what it needs makes it `not_shown`, never `yes`.
Every rule is applied, whatever the others found, so that an account names all that is wrong.

*Known log*: key, genesis and witness policy that somebody trusted beforehand; what a file says of its own log is for
display. *Demanded*: verdicts whose absence makes the file invalid or undecided (`ledger.verify.account`).

    account = verify_bundle(data, known={log.origin: log}, require=("complete",))
    account.exit_code, account.verdicts

No file, no network, no clock: bytes in, values out. ARCHITECTURE.md 3.6 and 3.7.
"""

from collections.abc import Mapping, Sequence

from ledger.bundle import Bundle, parse
from ledger.log.note import VerifierKey
from ledger.log.policy import KnownLog
from ledger.verify.account import Account, LogSeen, Opinion, account_of
from ledger.verify.authentic import authentic
from ledger.verify.balanced import balanced
from ledger.verify.complete import complete
from ledger.verify.included import included
from ledger.verify.keys_valid import keys_valid
from ledger.verify.opened import Opened, open_bundle
from ledger.verify.subject import sightings
from ledger.verify.timed import timed
from ledger.verify.unbroken import unbroken
from ledger.verify.witnessed import demands_witnesses, witnessed
from schemas.errors import InputError

KnownLogs = Mapping[str, KnownLog]
"""Known logs by origin."""


def verify_bundle(data: bytes, *, known: KnownLogs, require: Sequence[str] = ()) -> Account:
    """The account of a bundle's bytes; nothing is raised, whatever they are."""
    try:
        bundle = parse(data)
    except InputError as error:
        return _unreadable(error, require)
    return verify_opened(open_bundle(bundle), known=known, require=require)


def verify_opened(opened: Opened, *, known: KnownLogs, require: Sequence[str] = ()) -> Account:
    """The account of a bundle whose form was accepted."""
    seen = sightings(opened)
    opinions = (
        authentic(opened),
        included(opened, known),
        keys_valid(opened),
        unbroken(opened, seen),
        witnessed(opened, known),
        complete(opened, seen),
        balanced(opened, seen),
        timed(opened),
    )
    demanded = {*require, *(("witnessed",) if demands_witnesses(opened, known) else ())}
    bundle = opened.bundle
    return account_of(
        opinions,
        demanded=demanded,
        subject=bundle.subject,
        direction=bundle.direction,
        logs=tuple(_seen(bundle, number, known) for number in range(len(bundle.logs))),
        entries=len(bundle.entries),
    )


def _unreadable(error: InputError, require: Sequence[str]) -> Account:
    """Bytes that are no bundle: of another version we cannot tell, anything else is damage or forgery."""
    opinion = Opinion("authentic")
    if error.code == "bundle-format":
        opinion.miss(error.code, **error.context)
    else:
        opinion.refuse(error)
    return account_of([opinion], demanded=require)


def _seen(bundle: Bundle, number: int, known: KnownLogs) -> LogSeen:
    part = bundle.logs[number]
    try:
        vkey = VerifierKey.parse(part.vkey)
    except InputError:
        return LogSeen(part.origin, part.size, "", False)
    trusted = known.get(part.origin)
    return LogSeen(part.origin, part.size, vkey.fingerprint, trusted is not None and trusted.vkey == vkey)
