"""The writer of a log: what is admitted, in which order it is committed, and how it is published."""
