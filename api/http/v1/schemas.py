"""The JSON Schemas of what `/api/v1` takes and gives, by name, for its OpenAPI document.

OBJECT("Member", member=STRING)  ->  {"type": "object", "required": ["member"], "properties": {…}}
"""

from collections.abc import Mapping
from typing import Any

from api import roles
from ledger.lots.balance import FIGURES

Schema = Mapping[str, Any]
STRING: Schema = {"type": "string"}
INDEX: Schema = {"type": "integer", "minimum": 0}
BOOLEAN: Schema = {"type": "boolean"}
NULLABLE_STRING: Schema = {"type": ["string", "null"]}
NULLABLE_INDEX: Schema = {"type": ["integer", "null"], "minimum": 0}
STRINGS: Schema = {"type": "array", "items": STRING}
ROLE: Schema = {"enum": list(roles.NAMES), "description": "What the person may do."}
ISS: Schema = {"type": "string", "description": "A member's id, `urn:uuid:…`, the same on every log."}


def obj(
    required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, *, closed: bool = False
) -> Schema:
    """An object with these members; `closed`: and no others."""
    made: dict[str, Any] = {"type": "object", "properties": {**required, **(optional or {})}}
    if required:
        made["required"] = list(required)
    if closed:
        made["additionalProperties"] = False
    return made


def listed(name: str) -> Schema:
    """An array of one of the components."""
    return {"type": "array", "items": ref(name)}


def ref(name: str) -> Schema:
    """One of the components."""
    return {"$ref": f"#/components/schemas/{name}"}


_FIGURE: Schema = {"type": ["string", "null"], "description": "A decimal as text; null: not shown."}
_TIME: Schema = {"type": "integer", "description": "Seconds since 1970, UTC."}
_MAYBE_TIME: Schema = {"type": ["integer", "null"], "description": "Seconds since 1970, UTC; null: never."}
_THINGS: Schema = {"type": "array", "items": {"type": "object"}}
_VERDICT: Schema = {"enum": ["yes", "no", "not_shown"]}

COMPONENTS: Mapping[str, Schema] = {
    "Problem": obj(
        {"type": STRING, "title": STRING, "status": {"type": "integer"}, "detail": STRING, "code": STRING},
        {"event": INDEX, "member": STRING},
    ),
    "Receipt": obj(
        {
            "index": INDEX,
            "leaf": {"type": "string", "description": "RFC 6962 leaf hash, base64url."},
            "proof": {"type": "array", "items": STRING, "description": "Inclusion proof, from the leaf up, base64url."},
            "checkpoint": {"type": "string", "description": "A signed note that covers the entry."},
        },
        closed=True,
    ),
    "Refusal": obj({"problem": ref("Problem")}, closed=True),
    "Asking": obj(
        {
            "code": {"type": "string", "description": "What the phone shows."},
            "kid": STRING,
            "fingerprint": {
                "type": "string",
                "description": "To be compared with what the phone shows.",
            },
            "member": ISS,
            "name": STRING,
            "expires": _TIME,
        },
        closed=True,
    ),
    "Facts": obj(
        {
            "origin": STRING,
            "member": ISS,
            "name": STRING,
            "own": STRING,
            "now": _TIME,
            "secret": {
                "type": "string",
                "description": "Keys of lots come from it; base64url.",
            },
            "lane": obj({"seq": INDEX, "prev": NULLABLE_STRING}),
            "products": _THINGS,
            "sites": _THINGS,
            "parties": _THINGS,
            "lots": _THINGS,
            "recent": _THINGS,
            "findings": _THINGS,
        },
        closed=True,
    ),
    "Captured": obj(
        {
            "event": INDEX,
            "eventID": STRING,
            "index": INDEX,
            "leaf": STRING,
            "duplicate": BOOLEAN,
        }
    ),
    "Caused": obj(
        {
            "count": {**NULLABLE_INDEX, "description": "How many so far; null while they are judged."},
            "read": {**NULLABLE_STRING, "description": "Where to read them."},
        },
        closed=True,
    ),
    "Member": obj({"member": ISS, "since": INDEX, "founder": BOOLEAN, "name": NULLABLE_STRING}),
    "Key": obj(
        {
            "kid": STRING,
            "member": ISS,
            "role": STRING,
            "alg": STRING,
            "add": INDEX,
            "end": NULLABLE_INDEX,
            "suspect": NULLABLE_INDEX,
        }
    ),
    "Identified": obj({"input": STRING, "valid": BOOLEAN}),
    "Format": obj(
        {
            "name": STRING,
            "media_type": STRING,
            "suffix": STRING,
            "direction": STRING,
            "asked_by": STRING,
            "validator": STRING,
            "profiles": STRINGS,
            "needs": {"type": "array", "items": {"type": "object"}},
        }
    ),
    "Account": obj(
        {
            "valid": {"type": ["boolean", "null"]},
            "verdicts": {"type": "object", "additionalProperties": _VERDICT},
            "reasons": {"type": "array", "items": {"type": "object"}},
        }
    ),
    "Token": obj(
        {
            "id": STRING,
            "name": STRING,
            "member": NULLABLE_STRING,
            "key": NULLABLE_STRING,
            "scopes": STRINGS,
            "created": _TIME,
            "expires": _TIME,
            "used": {"type": ["integer", "null"], "description": "Day of the last use, in days since 1970."},
            "revoked": _MAYBE_TIME,
        }
    ),
    "MadeToken": {"allOf": [ref("Token"), obj({"token": {"type": "string", "description": "Shown this once."}})]},
    "Person": obj({"name": STRING, "member": NULLABLE_STRING, "role": ROLE, "scopes": STRINGS, "created": _TIME}),
    "Invitation": obj(
        {
            "id": STRING,
            "name": NULLABLE_STRING,
            "member": NULLABLE_STRING,
            "role": ROLE,
            "reset": {"type": "boolean", "description": "It gives an account that is there another password."},
            "created": _TIME,
            "expires": _TIME,
        }
    ),
    "MadeInvitation": {
        "allOf": [
            ref("Invitation"),
            obj(
                {
                    "secret": {"type": "string", "description": "Shown this once."},
                    "link": {"type": "string", "description": "Where the person takes it."},
                }
            ),
        ]
    },
    "Sheet": obj(
        {
            "mapping": {"type": "object", "description": "How its columns are read; may be sent again, changed."},
            "remembered": BOOLEAN,
            "headers": STRINGS,
            "lacking": {**STRINGS, "description": "Fields that must be told and are not."},
            "rows": INDEX,
            "events": INDEX,
            "equal": {"type": "array", "items": {"type": "array", "items": INDEX}},
            "before": {"type": "object", "description": "Rows that another file told before, with its name."},
            "faults": {"type": "array", "items": {"type": "object"}},
        },
        {
            "captured": {"type": "array", "items": {"type": "object"}},
            "leftOut": {"type": "array", "items": INDEX},
        },
    ),
    "Session": obj({"id": STRING, "account": STRING, "created": _TIME, "expires": _TIME}),
    "Seen": obj(
        {
            "at": _TIME,
            "kind": {"enum": ["token", "session"]},
            "who": STRING,
            "member": {"type": "string", "description": "Whose people it was; empty: the operator's."},
            "verb": STRING,
            "about": STRING,
        }
    ),
    "Caller": obj(
        {
            "name": STRING,
            "kind": {"enum": ["public", "token", "session"]},
            "member": NULLABLE_STRING,
            "scopes": STRINGS,
            "role": {"enum": [*roles.NAMES, None]},
        }
    ),
    "Finding": obj(
        {
            "code": STRING,
            "index": {"type": "integer", "minimum": 0, "description": "The entry to look at."},
            "member": ISS,
            "subject": {"type": ["string", "null"], "description": "The lot or unit; null: about the entry alone."},
            "causes": {"type": "array", "items": INDEX, "description": "The entries it comes from, of those shown."},
            "hidden": {"type": "integer", "minimum": 0, "description": "How many entries more it comes from."},
            "context": {"type": "object"},
            "text": {"type": "string", "description": "What it is and what to do, in the language asked for."},
        }
    ),
    "AddedVersion": obj({"version": INDEX, "id": STRING, "index": INDEX, "leaf": STRING, "duplicate": BOOLEAN}),
    "MasterVersion": obj({"index": INDEX, "leaf": STRING, "member": ISS, "content": {"type": "object"}}),
    "Attached": obj({"id": STRING, "index": INDEX, "leaf": STRING, "duplicate": BOOLEAN}),
    "Document": obj(
        {
            "index": INDEX,
            "leaf": STRING,
            "member": ISS,
            "id": NULLABLE_STRING,
            "name": NULLABLE_STRING,
            "mediaType": NULLABLE_STRING,
            "size": NULLABLE_INDEX,
            "sha256": {"type": ["string", "null"], "description": "base64url; null: erased, and the file with it."},
            "about": STRINGS,
            "entry": {"type": ["string", "null"], "description": "Leaf hash of the entry it is about, base64url."},
            "held": {"type": "boolean", "description": "Is its file here?"},
        }
    ),
    "StockAccount": obj(
        {
            "key": {"type": "string", "description": "A lot, a product, a site or a member; empty for a total."},
            "unit": {"type": "string", "description": "UN/CEFACT code of the figures."},
            **dict.fromkeys(FIGURES, _FIGURE),
            "lines": INDEX,
            "short": BOOLEAN,
            "mixed": BOOLEAN,
        }
    ),
    "Process": obj(
        {
            "entries": {"type": "array", "items": INDEX},
            "used": _FIGURE,
            "usedUnit": STRING,
            "made": _FIGURE,
            "madeUnit": STRING,
            "ratio": _FIGURE,
            "process": NULLABLE_STRING,
            "verdict": {"enum": ["within", "over", "under", None]},
        }
    ),
    "Amount": {"type": ["object", "null"], "properties": {"quantity": {"type": "number"}, "uom": STRING}},
    "Mixing": obj(
        {
            "id": STRING,
            "rule": {"enum": ["cycle", "fifo", "all"]},
            "source": {"enum": ["asked", "master", "none"]},
            "site": NULLABLE_STRING,
            "entry": NULLABLE_INDEX,
        },
        closed=True,
    ),
    "Recalled": obj(
        {
            "on": {**STRINGS, "description": "What it stands on: the lot, what is in the unit, or the item's lot."},
            "member": ISS,
            "name": NULLABLE_STRING,
            "entry": INDEX,
            "number": NULLABLE_STRING,
            "subject": NULLABLE_STRING,
            "since": NULLABLE_STRING,
            "reason": NULLABLE_STRING,
        },
        closed=True,
    ),
    "Recalls": obj(
        {
            "subject": NULLABLE_STRING,
            "recalled": {"type": ["boolean", "null"], "description": "Null where no lot was asked about."},
            "size": {"type": "integer", "description": "How many entries the log had."},
            "asOf": NULLABLE_STRING,
            "recalls": listed("Recalled"),
            "next": NULLABLE_STRING,
        },
        closed=True,
    ),
    "TraceStep": obj({"index": INDEX, "shown": BOOLEAN}),
    "TraceLink": obj(
        {
            "index": INDEX,
            "source": STRING,
            "target": STRING,
            "kind": {"enum": ["transformed", "commissioned", "packed", "unpacked", "relabelled", "mixed"]},
            "used": ref("Amount"),
            "made": ref("Amount"),
        },
        closed=True,
    ),
    "Trace": obj(
        {
            "subject": STRING,
            "direction": {"enum": ["back", "forward"]},
            "size": {"type": "integer", "description": "How many entries the log had."},
            "whole": BOOLEAN,
            **dict.fromkeys(("lots", "items", "units", "sites", "parties"), STRINGS),
            "steps": listed("TraceStep"),
            "links": listed("TraceLink"),
            "corrected": listed("TraceStep"),
            "cycles": {"type": "array", "items": STRINGS},
            "mixing": listed("Mixing"),
            "names": {
                "type": "object",
                "additionalProperties": STRING,
                "description": "The products of lots and items, as they were called when these were made.",
            },
            "not_shown": {"type": "integer", "description": "How many steps the caller may not see."},
            "next": NULLABLE_STRING,
        },
        closed=True,
    ),
    "Held": obj({"part": {"type": "string", "description": "JSON pointer of what it shows."}, "digest": STRING}),
    "UnitNumber": obj(
        {
            "sscc": {"type": "string", "description": "Eighteen digits."},
            "uri": {"type": "string", "description": "As an event names the unit."},
            "taken": _TIME,
            "state": {"enum": ["open", "recorded"]},
            "reference": NULLABLE_STRING,
            "entries": {"type": "array", "items": INDEX},
        },
        closed=True,
    ),
    "DocumentNumber": obj(
        {
            "number": {"type": "string", "description": "As printed."},
            "uri": {"type": "string", "description": "As a shipping event carries it, in a `desadv` transaction."},
            "taken": _TIME,
            "state": {"enum": ["open", "recorded", "given-up"]},
            "reference": NULLABLE_STRING,
            "entries": {"type": "array", "items": INDEX},
            "reason": NULLABLE_STRING,
        },
        closed=True,
    ),
    "Publication": obj({"lot": STRING, "member": ISS, "since": _TIME}),
    "TrustedLog": obj({"origin": STRING, "fingerprint": STRING, "last": NULLABLE_INDEX}),
}
