"""Labels: what a packing house sticks on packs, cases and pallets, and the symbols on them that scanners read."""
