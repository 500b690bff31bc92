"""Keeping what was entrusted: audit, rebuild, backup, restore and erasure."""
