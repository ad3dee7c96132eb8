"""Bank files: each reader returns `(records, problems)` and never raises on bad input."""
