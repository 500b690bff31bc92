"""The read side: what entries say, laid out for questions; derivable from entries and disclosures at any time."""
