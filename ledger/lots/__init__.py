"""Lots: what an event does to lots and units, and the paths between them."""
