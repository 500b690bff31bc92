"""Entries: what a device signs, as an SD-JWT with recursive disclosures (ARCHITECTURE.md 3.2, RFC 9901, RFC 7515)."""
