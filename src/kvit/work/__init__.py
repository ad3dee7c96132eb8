"""The one table of work items that wait for a person."""
