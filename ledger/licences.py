"""The company prefixes that the members of a log license, and the names they have: what their profiles say.

- A prefix tells an EPC URN from a Digital Link; a name, whether a source or a destination is a member.

- They stand in the members' profiles, disclosed to the log's readers only: whoever may not read one knows one less,
  and an identifier under it stays a Digital Link.
- What a profile says besides what a licence can say is passed over: it was signed, not checked.

    company_prefixes(node.registry.members(), node.entry)  ->  CompanyPrefixes(("9521001", "9521002"))

ARCHITECTURE.md 3.3 (profiles).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from ledger.audience import Parties, parties
from ledger.entry.parse import Entry
from ledger.registry.state import Member
from schemas.errors import InputError
from schemas.gs1.check_digit import is_digits
from schemas.gs1.company_prefix import CompanyPrefixes, is_prefix


def company_prefixes(members: Iterable[Member], entry: Callable[[int], Entry]) -> CompanyPrefixes:
    """The prefixes of all members whose profile can be read here, each once, in the order of admission."""
    profiles = (_profile(entry, member.profile) for member in members if member.profile is not None)
    return CompanyPrefixes(tuple(dict.fromkeys(prefix for profile in profiles for prefix in prefixes_said(profile))))


def recording(members: Iterable[Member], entry: Callable[[int], Entry]) -> Callable[[str], bool]:
    """Whether a party or a place is one of the members': those who record in this log.

    KNOWN LIMIT: a member whose profile names neither GLN nor prefix, or cannot be opened here, is known by its id
    alone.
    """
    names = [parties_of(member.iss, member, entry) for member in members]
    return cache(lambda uri: any(each.name(uri) for each in names))


def parties_of(iss: str, member: Member | None, entry: Callable[[int], Entry]) -> Parties:
    """The names a member goes by, from its profile in the log as far as that is held and can be opened here."""
    if member is None or member.profile is None:
        return parties(iss)
    profile = _profile(entry, member.profile)
    gln = profile.get("gln")
    return parties(
        iss,
        gln if isinstance(gln, str) and is_digits(gln) and len(gln) == 13 else None,
        tuple(prefixes_said(profile)),
    )


def own_gln(member: Member | None, entry: Callable[[int], Entry]) -> str | None:
    """The GLN in a member's profile, as far as that can be opened here."""
    gln = _profile(entry, member.profile).get("gln") if member is not None and member.profile is not None else None
    return gln if isinstance(gln, str) else None


def _profile(entry: Callable[[int], Entry], profile: int) -> Mapping[str, Any]:
    try:
        return entry(profile).profile or {}
    except InputError as error:
        if error.code != "passphrase-missing":
            raise
        return {}


def prefixes_said(profile: Mapping[str, Any]) -> Iterator[str]:
    """The prefixes that one profile says."""
    said = profile.get("companyPrefixes")
    for prefix in said if isinstance(said, list) else ():
        if isinstance(prefix, str) and is_prefix(prefix):
            yield prefix
