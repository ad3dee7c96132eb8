"""Ways to banks."""
