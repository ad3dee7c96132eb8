"""Pure rules about work that waits for a person."""
