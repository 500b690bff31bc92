"""The first page: three doors, one for each person."""
