"""JPK, the Polish audit files: VAT register with declaration (V7M, V7K) and invoices (FA)."""
