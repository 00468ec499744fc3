"""The team's words that are marked in titles and abstracts."""
