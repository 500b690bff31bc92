"""The routes of every page, in one list.

routes()  ->  [Route("/", home), Route("/static/…", serve), …]
"""

from starlette.routing import BaseRoute, Route

from api.pages.consumer import finding
from api.pages.consumer import view as consumer
from api.pages.consumer.addresses import PICTURE, PROOF, ROOM
from api.pages.home.view import home
from api.pages.shell import assets
from api.pages.shell.visit import door


def routes() -> list[BaseRoute]:
    """The pages, and what they load."""
    return [
        Route("/", home),
        Route(assets.PATH, assets.serve),
        door("/lotto", "pack", finding.find),
        door(PROOF + "{path:path}", "pack", consumer.proof),
        door(PICTURE + "{path:path}", "pack", consumer.picture),
        door(ROOM + "{path:path}", "pack", consumer.lot),
    ]
