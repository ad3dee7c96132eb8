"""Which payment pays what."""
