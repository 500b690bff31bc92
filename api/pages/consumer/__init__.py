"""The page of a pack: what its lot is and where it comes from, for whoever holds it; and how to find it by its code."""
