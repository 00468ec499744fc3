"""What the drawings of this room share: words as XML text, wrapped to a width, and a frame that stands alone. Pure."""

import unicodedata
from html import escape


def text(words: str) -> str:
    """Words as XML text: escaped, and without control characters, which no XML may hold."""
    return escape("".join(sign for sign in words if unicodedata.category(sign) not in ("Cc", "Cs")))


def wrapped(words: str, letters: int, lines: int) -> list[str]:
    """The words in at most so many lines of about so many letters; what does not fit is cut with an ellipsis."""
    found, rest = [], " ".join(words.split())
    while rest and len(found) < lines:
        if len(rest) <= letters:
            found.append(rest)
            rest = ""
        else:
            at = rest.rfind(" ", 0, letters + 1)
            at = at if at > letters // 3 else letters
            found.append(rest[:at].rstrip())
            rest = rest[at:].lstrip()
    if rest:
        found[-1] = found[-1][: letters - 1].rstrip() + "…"
    return found


FACE = "'Atkinson Hyperlegible Next', 'Segoe UI', Helvetica, Arial, sans-serif"


def alone(body: str, width: float, height: float, title: str) -> str:
    """A drawing for a paper: on white, with its title above, in the face of the pages where it is there, else a common one."""
    edge, head = 16, 30
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-edge} {-edge - head} {width + 2 * edge} {height + head + 2 * edge}" '
        f'width="{width + 2 * edge}" height="{height + head + 2 * edge}" role="img" font-family="{FACE}">'
        f'<title>{text(title)}</title><rect x="{-edge}" y="{-edge - head}" width="100%" height="100%" fill="#ffffff"/>'
        f'<text x="0" y="{-head + 12}" font-size="15" font-weight="600" fill="#1b202b">{text(title)}</text>{body}</svg>'
    )
