"""A word said before a report is shown."""
