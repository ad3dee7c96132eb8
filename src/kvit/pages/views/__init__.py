"""Pages that belong to no surface: where to go after signing in, choices, errors, health, the design page."""
