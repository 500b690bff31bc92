"""Times and sizes we hold ourselves to, measured in one run; `make bench` writes RESULTS.md."""
