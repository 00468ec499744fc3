"""The involvement report (GRIPP2 short form) and its timeline, drafted from what is on record."""
