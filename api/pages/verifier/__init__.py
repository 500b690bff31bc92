"""`/verifica`: a file or a lot, checked by the browser itself; a server compares what a browser cannot."""
