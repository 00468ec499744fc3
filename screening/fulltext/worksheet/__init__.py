"""The answers to the criteria: which apply, what they come to, and the share a threshold holds against its line."""
