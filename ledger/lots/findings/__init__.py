"""What does not add up about lots and units: one rule, one code, a file per family."""
