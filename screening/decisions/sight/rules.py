"""What there is to be seen while it is blind. Pure; words.py says it in words."""

PEOPLE, CONFLICTS, PREVIEW = "people", "conflicts", "preview"
SIGHTS = (PEOPLE, CONFLICTS, PREVIEW)
