"""Master data: parties, sites, products and certificates, each with its validity; their terms, judgement and schema."""
