"""Pilot rounds: a random set that everybody named screens, what they agreed on, and what they talked over."""
