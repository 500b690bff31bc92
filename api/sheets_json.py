"""A sheet as JSON: how it is read, what is wrong by cell, and what was recorded of it.

sheet_json(looked, None, "it")["faults"]  ->  [{"place": "C7", "code": "cell-number", …}]
"""

import json
from typing import Any

from api.verbs.sheets import Imported, Looked, place_of
from schemas.sheets import columns
from schemas.wording import Language, explain


def sheet_json(looked: Looked, done: Imported | None, language: Language) -> dict[str, Any]:
    """A sheet that was looked at, and what was recorded of it."""
    judged = looked.judged
    said: dict[str, Any] = {
        "mapping": json.loads(columns.write(looked.mapping)),
        "remembered": looked.remembered,
        "headers": list(looked.headers),
        "lacking": list(looked.mapping.lacking()),
        "rows": len(judged.rows.rows) if judged else 0,
        "events": len(judged.document.events) if judged else 0,
        "equal": [list(group) for group in looked.equal],
        "before": {str(row): name for row, name in looked.before.items()},
        "faults": [
            {
                "place": place_of(f),
                "row": f.row,
                "field": f.field,
                "code": f.error.code,
                "text": explain(f.error, language),
            }
            for f in (judged.faults if judged else ())
        ],
    }
    if done is not None:
        said["captured"] = [
            {"rows": list(rows), "eventID": item.event_id, "index": item.index, "duplicate": item.duplicate}
            for rows, item in zip(done.rows_of, done.captured, strict=True)
        ]
        said["leftOut"] = list(done.left_out)
    return said
