"""Dated code lists as tables: one file per list, read by `schemas.lists.table`."""
