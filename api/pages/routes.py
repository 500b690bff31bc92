"""The routes of every page, in one list.

routes()  ->  [Route("/", home), Route("/static/…", serve), …]
"""

from starlette.routing import BaseRoute, Route

from api.pages.buyer.view import routes as buyer
from api.pages.consumer.view import routes as consumer
from api.pages.home.view import home
from api.pages.operator.view import routes as operator
from api.pages.shell import assets
from api.pages.shell.visit import door
from api.pages.verifier.view import verifica
from api.pages.office import view as office
from api.pages.shell import assets
from api.pages.sign_in import view as sign_in


def routes() -> list[BaseRoute]:
    """The pages, and what they load."""
    return [
        Route("/", home),
        door("/verifica", "verify", verifica),
        *buyer(),
        Route(assets.PATH, assets.serve),
    ]
    return [Route("/", home), Route(assets.PATH, assets.serve), *buyer(), *consumer()]
    return [Route("/", home), Route(assets.PATH, assets.serve), *operator(), *buyer()]
    return [Route("/", home), Route(assets.PATH, assets.serve), *sign_in.routes(), *office.routes(), *buyer()]
