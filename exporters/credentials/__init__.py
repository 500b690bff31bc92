"""Verifiable credentials: what W3C asks of a signature over a document, for keys that a log knows."""
