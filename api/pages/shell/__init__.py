"""What every page shares: its frame, its words in both languages, its style and scripts, and how it says no."""
