"""Signing in and out, taking an invitation, and one's own account."""
