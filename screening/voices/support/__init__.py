"""Whom to turn to when something is hard to read, and within how many days an answer is owed."""
