"""Ways to public registers."""
