"""Whose outcomes: how much each outcome matters to whom, by group."""
