"""The routes of every page, in one list.

routes()  ->  [Route("/", home), Route("/static/…", serve), …]
"""

from starlette.routing import BaseRoute, Route

from api.pages.buyer.view import routes as buyer
from api.pages.consumer.codes import routes as codes
from api.pages.consumer.view import routes as consumer
from api.pages.dashboard.view import routes as dashboard
from api.pages.home.view import home
from api.pages.office.view import routes as office
from api.pages.operator.view import routes as operator
from api.pages.printed.view import printed
from api.pages.shell import assets
from api.pages.shell.visit import door
from api.pages.sign_in.view import routes as sign_in
from api.pages.verifier.view import routes as verifier


def routes() -> list[BaseRoute]:
    """The pages, and what they load; first those that most come for."""
    return [
        *consumer(),
        Route("/", home),
        Route(assets.PATH, assets.serve),
        *verifier(),
        door("/stampa", "pack", printed),
        *sign_in(),
        *operator(),
        *office(),
        *buyer(),
        *dashboard(),
        *consumer(),
        *codes(),
    ]
