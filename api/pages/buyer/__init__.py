"""The buyer's desk: a lot's history with its proof, a recall drill with its clock, every paper."""
