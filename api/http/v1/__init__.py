"""`/api/v1`: the twins of the command line, each calling the same verb."""
