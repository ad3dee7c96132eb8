"""Pages that only test mode has: the demo's start, one-click sign-in, the guided tour, the next day, the wiping."""
