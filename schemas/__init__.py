"""Words: what is said and how it is written. No state; this room reads only its own data files."""
