"""The Merkle log: RFC 6962 hashing and the C2SP formats (notes, checkpoints, tiles, cosignatures, policies, proofs)."""
