"""Included reviews: which reports belong to one, so that reports and reviews are counted apart, and the questions of each."""
