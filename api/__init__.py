"""Faces: parse, call one verb, render."""
