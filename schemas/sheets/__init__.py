"""What offices type into sheets, read as what they mean: values, columns, rows."""
