"""Verification: bytes and known logs in, an account of what was shown out; no file, no network, no clock."""
