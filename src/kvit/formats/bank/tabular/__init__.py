"""Bank statements as CSV: a profile says which column is what; nine are shipped, more are made by looking at a file."""
