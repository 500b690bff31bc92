"""EPCIS 2.0 and CBV 2.0: one table of terms, and what is read, judged and hashed with it."""
