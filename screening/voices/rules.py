"""Rules of the voices that need no database."""

import unicodedata

LONGEST = 5000


def clean_words(words: str) -> str:
    """What a person wrote, as plain text: one form of each letter, line breaks kept, no control characters."""
    text = unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs"))
    return kept.strip()


def wants_answer(*, kind: str, of_working_group: bool) -> bool:
    """Whether a coordinator owes an answer: to the working group always, to anybody's question or concern."""
    return of_working_group or kind in ("question", "concern")
