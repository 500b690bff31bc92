"""The routes of every page, in one list.

routes()  ->  [Route("/", home), Route("/static/…", serve), …]
"""

from starlette.routing import BaseRoute, Route

from api.pages.home.view import home
from api.pages.operator import view as operator
from api.pages.shell import assets
from api.pages.shell.visit import door


def routes() -> list[BaseRoute]:
    """The pages, and what they load."""
    return [
        Route("/", home),
        Route(assets.PATH, assets.serve),
        door(operator.PATH, "field", operator.field),
        Route(operator.WORKER, operator.worker),
        Route(operator.MANIFEST, operator.manifest),
        Route(operator.TRUST, operator.trust),
        Route(operator.AUTHORITY, operator.authority),
    ]
