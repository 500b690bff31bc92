"""What every request reaches: the ledger that this server opened, what its operator chose, and who may do what.

class Ask(Served): request: Request;  ask.node
"""

from starlette.requests import Request

from api.access import Access
from api.settings import Settings
from ledger.node import Node


class Served:
    """The parts of a server, by a request to it."""

    __slots__ = ()
    request: Request

    @property
    def node(self) -> Node:
        """The opened ledger."""
        node: Node = self.request.app.state.filiera.node
        return node

    @property
    def settings(self) -> Settings:
        """The operator's choices."""
        settings: Settings = self.request.app.state.filiera.settings
        return settings

    @property
    def access(self) -> Access:
        """Who may do what."""
        access: Access = self.request.app.state.filiera.access
        return access
