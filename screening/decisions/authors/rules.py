"""Whether an author of a report may be a member of the team, by name alone: a hint for a person, never more. Pure."""

import unicodedata


def folded(name: str) -> str:
    """Without accents, case and marks, words with one space between."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain).split())


def family_name(shown: str) -> str:
    """The last word of a member's name; empty where the name is one word, which says too little."""
    words = folded(shown).split()
    return words[-1] if len(words) > 1 else ""


def may_be(author: str, shown: str) -> bool:
    """Whether "Rowan, P. J." or "Petra Rowan" may be the member shown as "Petra Rowan": family name and first initial agree."""
    family = family_name(shown)
    if not family:
        return False
    initial = folded(shown)[0]
    if "," in author:
        last, _, first = author.partition(",")
        return folded(last).split()[-1:] == [family] and folded(first)[:1] == initial
    words = folded(author).split()
    if len(words) < 2 or family not in (words[0], words[-1]):
        return False
    others = words[1:] if words[0] == family else words[:-1]
    return others[0][:1] == initial
