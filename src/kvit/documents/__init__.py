"""Documents as people keep them: sheets frozen as data, rendered to PDF, filed in the archive until they may go."""
