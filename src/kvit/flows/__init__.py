"""When X happened, do Y: the only place where strangers meet."""
