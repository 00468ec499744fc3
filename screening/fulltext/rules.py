"""Rules about full texts that need no database."""

from collections.abc import Sequence


def review_label(authors: Sequence[str], year: int | None, title: str) -> str:
    """What a review is called in tables: "Family and Family, year", "Family et al., year", or its title.

    At most 120 characters.
    """
    families = [author.split(",")[0].strip() for author in authors if author.strip()]
    if not families:
        name = title[:80].strip() or "Untitled review"
    elif len(families) == 1:
        name = families[0]
    elif len(families) == 2:
        name = f"{families[0]} and {families[1]}"
    else:
        name = f"{families[0]} et al."
    return f"{name}, {year}"[:120] if year else name[:120]
