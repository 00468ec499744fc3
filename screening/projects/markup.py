"""Simple rich text: Markdown as people write it, as HTML that can do nothing, and as plain text.

Paragraphs, line breaks, emphasis, lists, quotations, code and links. No HTML of their own, no pictures, no headings
(they would break the outline of the page the words stand on), no tables.
"""

from collections.abc import Iterable

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(
    ["image", "html_block", "html_inline", "heading", "lheading", "hr", "reference"]
)
TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "a"}
SCHEMES = {"http", "https", "mailto"}
# Deeper than this nobody means it: lists in lists in lists are flattened by the parser's own limit.
_MARKDOWN.options["maxNesting"] = 12


def to_html(text: str) -> SafeString:
    """Markdown as HTML that is safe to show: what is written by anybody, as one passage. Links open with no referrer."""
    html = nh3.clean(
        _MARKDOWN.render(text),
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=SCHEMES,
        link_rel="nofollow noopener noreferrer",
    )
    # Made of our own list of tags and attributes, by the sanitiser above.
    return mark_safe(html.strip())  # noqa: S308


def to_plain(text: str) -> str:
    """The same words without the marks: for exports, previews and searches."""
    return "\n".join(line for line in _lines(_MARKDOWN.parse(text)) if line).strip()


def _lines(tokens: Iterable[Token]) -> Iterable[str]:
    numbers: list[int | None] = []
    first = False
    for token in tokens:
        match token.type:
            case "bullet_list_open":
                numbers.append(None)
            case "ordered_list_open":
                numbers.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                numbers.pop()
            case "list_item_open":
                first = True
            case "inline" | "code_block" | "fence":
                words = _inline(token)
                if first and numbers:
                    n = numbers[-1]
                    words = f"- {words}" if n is None else f"{n}. {words}"
                    numbers[-1] = None if n is None else n + 1
                first = False
                yield words


def _inline(token: Token) -> str:
    if token.children is None:
        return token.content.rstrip("\n")
    breaks = {"softbreak": "\n", "hardbreak": "\n"}
    return "".join(breaks.get(child.type, child.content) for child in token.children)
