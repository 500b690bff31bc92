"""A file per verb: what the command line, the routes and the pages all call."""
