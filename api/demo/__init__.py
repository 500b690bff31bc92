"""The demonstration: a chain of three cooperatives told by `story.toml` and played into a real log."""
