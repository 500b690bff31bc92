"""`/campo`: the operator's phone. It records, signs and keeps what happens, without a network too."""
