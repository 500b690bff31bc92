"""How papers look, in Typst: what stands where, and never what is said. `paper.typ` is under all of them."""
