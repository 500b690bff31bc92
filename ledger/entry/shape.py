"""What has a disclosure of its own: one table for the device that issues and for everybody who reads.

Below `content`, whatever the kind:
- every top-level member has its own disclosure;
- a list of `SPLIT_LISTS` has one for each element;
- an object that is not empty has one for each of its members, unless the member is one of `WHOLE`: that makes
  `ilmd`, `errorDeclaration` and every extension;
- nothing deeper is split. Empty lists and objects are written as they are.
Below `record` every member has its own, and each element of `par` and `lots`. Below `profile` every member.

There is one form for one content: a list or object that should be split and is not, or the reverse, is refused.

    split("content", "epcList", ["urn:…"])  ->  "elements"

ARCHITECTURE.md 3.2.
"""

from typing import Any, Literal

Branch = Literal["content", "record", "profile"]
Split = Literal["elements", "members"]

SPLIT_LISTS = frozenset(
    (
        "epcList", "childEPCs", "inputEPCList", "outputEPCList",
        "quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList",
        "bizTransactionList", "sourceList", "destinationList", "sensorElementList",
    )
)  # fmt: skip
# The EPCIS 2.0 members whose value may be an object and is one fact. Fixed for `v` 1: a later EPCIS does not change it.
WHOLE = frozenset(
    (
        "@context", "type", "id", "eventID", "eventTime", "recordTime", "eventTimeZoneOffset", "action",
        "bizStep", "disposition", "persistentDisposition", "readPoint", "bizLocation", "parentID",
        "transformationID", "certificationInfo",
    )
) | SPLIT_LISTS  # fmt: skip
RECORD_LISTS = frozenset(("par", "lots"))
NONE: frozenset[str] = frozenset()


def split(branch: Branch, name: str, value: Any) -> Split | None:
    """How the value of a member of `branch` is divided into disclosures; None when it is one."""
    if not value:
        return None
    if isinstance(value, list):
        lists = SPLIT_LISTS if branch == "content" else RECORD_LISTS if branch == "record" else NONE
        return "elements" if name in lists else None
    return "members" if branch == "content" and isinstance(value, dict) and name not in WHOLE else None
