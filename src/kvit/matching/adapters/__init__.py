"""What matching reads from outside of the database."""
