"""The type of an open transaction, for the rooms above that pass one on without ever speaking SQL."""

from sqlalchemy import Connection

__all__ = ["Connection"]
