"""Keys: what a signature must look like to be admitted, who signs, and how private keys rest on disk."""
