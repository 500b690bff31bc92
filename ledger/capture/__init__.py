"""What comes in becomes judged events; still without the store."""
