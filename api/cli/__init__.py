"""The command line `filiera`: a file per family of commands, loaded when it is called."""
