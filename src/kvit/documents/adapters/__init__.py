"""What draws documents, and where their contents lie outside of the database."""
