"""`/verifica`: the page that checks a file or a lot in the reader's own browser.

- The modules are those of `ledger/js` and `exporters/js`, served one by one; the page gives them this log's policy, and
  says that it came from this server.
- A scan or a typed code leads to the lot's bundle, which is checked like any file; `?lot=…` does so at once.
- A document's own figures are compared by the verb `verify`, when the reader asks for it: docs/adr/0059.

    door("/verifica", "verify", verifica)
"""

from starlette.responses import Response

from api.pages.shell.rendering import page
from api.pages.shell.visit import Visit
from api.verbs.trust import own_policy


def verifica(visit: Visit) -> Response:
    """The page."""
    return page(
        visit.request,
        "verifier",
        "verifier.html",
        camera=True,
        policy=own_policy(visit.node).decode("utf-8"),
        lot=visit.text("lot", 2048),
    )
