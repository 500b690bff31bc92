"""The face of the verifier in a browser, for the one HTML file and for the page of a server alike."""
