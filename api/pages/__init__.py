"""FACES for persons: pages that the server renders, a room for each kind of person, and a shell that they share."""
