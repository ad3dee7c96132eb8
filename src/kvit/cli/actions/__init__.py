"""What the commands do, with everything at hand; imported once Django stands."""
