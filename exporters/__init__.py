"""Papers: what leaves the house, each a pure function of a bundle."""
