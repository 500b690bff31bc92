"""What one buyer asks of a format beyond what the format says, as data: a TOML file for each."""
