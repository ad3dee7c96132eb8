"""The simulated world: people and firms that pay late, mistype and dispute."""
