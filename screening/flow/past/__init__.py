"""The flow as it stood at a moment in the past, and what changed between two moments."""
