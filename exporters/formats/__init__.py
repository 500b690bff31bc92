"""The formats a buyer or an authority asks for, one file each."""
