"""The flow as files: the figure, its counts, and the list of excluded full texts with reasons."""
