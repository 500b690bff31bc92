"""`/stampa`: sheets to print, each with a code that leads to a door or to a lot, and what to do with it."""
