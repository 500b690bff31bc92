"""EPCIS 2.0 over HTTP: the contract of the standard, every path and method of it."""
