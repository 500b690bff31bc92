"""The season: kilograms, yields, waste, times and what is open, each figure with the events behind it."""
