"""The pure half again, for phone and browser: same file names, same vectors, same codes. ES modules, no dependency."""
