"""Bytes to trees, strict and bounded: every text that enters Filiera is read here first."""
