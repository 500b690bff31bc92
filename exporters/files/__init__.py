"""Kinds of file: each writes what a format says, carries the bundles with it, gives them back and compares itself."""
