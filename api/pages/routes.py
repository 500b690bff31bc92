"""The routes of every page, in one list.

routes()  ->  [Route("/", home), Route("/static/…", serve), …]
"""

from starlette.routing import BaseRoute, Route

from api.pages.buyer.view import routes as buyer
from api.pages.home.view import home
from api.pages.office import view as office
from api.pages.shell import assets
from api.pages.sign_in import view as sign_in


def routes() -> list[BaseRoute]:
    """The pages, and what they load."""
    return [Route("/", home), Route(assets.PATH, assets.serve), *sign_in.routes(), *office.routes(), *buyer()]
