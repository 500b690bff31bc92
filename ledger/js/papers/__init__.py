"""Readers of papers for a browser: they take the bundle out of a file, and compare nothing of it."""
