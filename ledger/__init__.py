"""Proof: signed entries, one Merkle log, and bundles that anybody can check offline."""
