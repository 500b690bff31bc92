"""The office: what is to be done, who may do what, and what came by spreadsheet."""
