"""Who may sign: members, keys, votes and policy, read from the log alone; and snapshots that prove it at an index."""
