"""Decisions made elsewhere, or exported from here, written as facts of this project."""
