"""Documents as plain data, what must add up on them, what they say in each language, and how long they are kept."""
