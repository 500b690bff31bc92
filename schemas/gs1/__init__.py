"""GS1 identifiers: keys, check digits, element strings, Digital Link URIs and EPC URNs."""
