"""Rows and the questions asked of them. The only room that knows the database."""

from pbx.store.ids import new_id
from pbx.store.store import Store

__all__ = ["Store", "new_id"]
