"""The company prefixes that the members of a log license: what tells an EPC URN from a Digital Link.

- They stand in the members' profiles, disclosed to the log's readers only: whoever may not read one knows one less,
  and an identifier under it stays a Digital Link.
- What a profile says besides what a licence can say is passed over: it was signed, not checked.

    company_prefixes(node.registry.members(), node.entry)  ->  CompanyPrefixes(("9521001", "9521002"))

ARCHITECTURE.md 3.3 (profiles).
"""

from collections.abc import Callable, Iterable, Iterator

from ledger.entry.parse import Entry
from ledger.registry.state import Member
from schemas.errors import InputError
from schemas.gs1.company_prefix import CompanyPrefixes, is_prefix


def company_prefixes(members: Iterable[Member], entry: Callable[[int], Entry]) -> CompanyPrefixes:
    """The prefixes of all members whose profile can be read here, each once, in the order of admission."""
    found = (prefix for member in members if member.profile is not None for prefix in _said(entry, member.profile))
    return CompanyPrefixes(tuple(dict.fromkeys(found)))


def _said(entry: Callable[[int], Entry], profile: int) -> Iterator[str]:
    try:
        shown = entry(profile).profile
    except InputError as error:
        if error.code != "passphrase-missing":
            raise
        return
    said = shown.get("companyPrefixes") if shown else None
    for prefix in said if isinstance(said, list) else ():
        if isinstance(prefix, str) and is_prefix(prefix):
            yield prefix
