"""Finds words in templates and Python that a person reads in English whatever language they chose.

It reads the sources and runs nothing. In templates: the text, the attributes that are read out or shown, and words handed
to other tags. In Python: what is given straight, or by way of a variable or table of the same file, to the calls whose
words are shown. `Found` names the file, the line and the words.
"""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from django.template.base import Lexer, Token, TokenType

WORD = re.compile(r"[^\W\d_]{2,}")
READ_ATTRIBUTES = {"aria-label", "aria-description", "aria-roledescription", "title", "placeholder", "alt", "label"}


class Found(NamedTuple):
    """Words that do not go through gettext, and where they stand."""

    path: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.words!r}"


# Templates

LEFT_OUT = {"comment": "endcomment", "blocktranslate": "endblocktranslate", "blocktrans": "endblocktrans"}
IN_TAGS = re.compile(r"""(_\()?(?:\b(\w+)=|\|(\w+):)?(["'])(.*?)\4""")
SPEAKING_TAGS = {"include", "with"}
SPEAKING_FILTERS = {"default", "default_if_none", "yesno", "pluralize"}


def words_in_template(path: str, source: str, allowed: re.Pattern[str]) -> list[Found]:
    """Bare words of one template, in the order of its lines."""
    found, html, until = [], "", ""
    for token in Lexer(re.sub(r"{#.*?#}", "", source)).tokenize():
        name, _, after = token.contents.partition(" ") if token.token_type == TokenType.BLOCK else ("", "", "")
        end = LEFT_OUT.get(name) or ("endblock" if name == "block" and after.endswith("_class") else "")
        if until or end:
            html += "\n" * token.contents.count("\n")
            until = "" if name == until else until or end
        elif token.token_type == TokenType.TEXT:
            html += token.contents
        else:
            if not _is_for_programs(html):
                found += [Found(path, token.lineno, words) for words in _said_by_tag(token, name) if _speaks(words, allowed)]
            html += " "
    reader = _Reader()
    reader.feed(html)
    reader.close()
    found += [Found(path, line, words) for line, words in reader.said if _speaks(words, allowed)]
    return sorted(found, key=lambda one: one.line)


def _speaks(words: str, allowed: re.Pattern[str]) -> bool:
    return bool(WORD.search(allowed.sub(" ", words)))


def _is_for_programs(before: str) -> bool:
    """Whether what comes next stands in an attribute that nobody reads, such as an id or a class."""
    attribute = re.search(r"""<[^<>]*?([\w-]+)=("[^"]*|'[^']*)$""", before)
    return attribute is not None and attribute[1] not in READ_ATTRIBUTES | {"value"}


def _said_by_tag(token: Token, name: str) -> Iterator[str]:
    """Words handed on: include "x.html" with label="Words", or {{ x|default:"none" }}. Marked ones stand in _().

    And {% translate words %}: nobody can gather what is only known when the page is drawn.
    """
    if name in ("translate", "trans") and not token.contents.split(" ", 1)[1].startswith(("'", '"')):
        yield token.contents.split(" ", 1)[1]
    for marked, key, by, _quote, words in IN_TAGS.findall(token.contents):
        handed_on = name in SPEAKING_TAGS and key and (" " in words.strip() or words[:1].isupper())
        if not marked and (handed_on or by in SPEAKING_FILTERS):
            yield words


class _Reader(HTMLParser):
    """The text and the read attributes of HTML whose template tags were taken out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[tuple[int, str]] = []
        self.in_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_code = tag == "code"
        pressed = any(name == "type" and value in {"submit", "button", "reset"} for name, value in attrs)
        for name, value in attrs:
            if value and (name in READ_ATTRIBUTES or (tag == "input" and pressed and name == "value")):
                self.said.append((self.getpos()[0], value))

    def handle_endtag(self, tag: str) -> None:
        self.in_code = False

    def handle_data(self, data: str) -> None:
        # What stands in <code> is typed as it is.
        if self.cdata_elem is None and not self.in_code:
            self.said += [(self.getpos()[0] + n, line.strip()) for n, line in enumerate(data.split("\n"))]


# Python

SHOWN_ARGUMENTS = {"ValidationError": 0, "add_error": 1, "HistoryEntry": 2, "Waiting": 1, "ImportLine": 0}
SHOWN_KEYWORDS = {"label", "empty_label", "button", "detail", "what", "unit", "verbose_name"}
SHOWN_IN_WORDS = {"ImportLine", "Whereabouts", "ReportLine"}
SHOWN_OF_FIELDS = {"help_text", "error_messages"}
# Of a form of a model.
SHOWN_OF_META = {"labels", "help_texts", "error_messages"}
REFUSALS = {"Refused", "Denied"}
SAYING = {"success", "error", "info", "warning", "add_message"}
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext"}
TEXT_ONLY = {"str", "format_html", "mark_safe", "capfirst"}
READ_KEYS = {"placeholder", "aria-label"}


def refusals_in(sources: dict[str, str]) -> set[str]:
    """Refused, Denied and every class derived from them in these files."""
    bases = [
        (node.name, {ast.unparse(base).rpartition(".")[2] for base in node.bases})
        for source in sources.values()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef)
    ]
    known = set(REFUSALS)
    while more := {name for name, derived_from in bases if derived_from & known} - known:
        known |= more
    return known


def words_in_python(path: str, source: str, refusals: set[str], allowed: re.Pattern[str]) -> list[Found]:
    """Bare words of one module: each place once, in the order of its lines."""
    module = ast.parse(source)
    found: set[Found] = set()
    for scope in _scopes(module):
        named = _named(module) | (_named(scope) if scope is not module else {})
        for node in _inside(scope):
            for shown in _shown(node, refusals):
                found |= {Found(path, part.lineno, words) for part, words in _bare(shown, named, set()) if _speaks(words, allowed)}
    return sorted(found, key=lambda one: (one.line, one.words))


SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _scopes(module: ast.Module) -> Iterator[ast.AST]:
    yield module
    yield from (node for node in ast.walk(module) if isinstance(node, SCOPES))


def _inside(scope: ast.AST) -> Iterator[ast.AST]:
    """All of a scope but what lies in a scope within it."""
    waiting = [scope]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, SCOPES)]


def _named(scope: ast.AST) -> dict[str, list[ast.expr]]:
    """Name -> what it is set to in this scope, wherever that is plain to see."""
    named: dict[str, list[ast.expr]] = {}
    for node in _inside(scope):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(target.elts, node.value.elts, strict=False))
                else:
                    pairs = [(target, node.value)]
                for one, value in pairs:
                    if isinstance(one, ast.Name):
                        named.setdefault(one.id, []).append(value)
    return named


def _shown(node: ast.AST, refusals: set[str]) -> Iterator[ast.expr]:
    """The expressions at this place whose words a person reads."""
    if isinstance(node, ast.Dict):
        yield from (
            value
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant) and key.value in READ_KEYS and isinstance(value, ast.Constant | ast.JoinedStr)
        )
    if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("TextChoices") for base in node.bases):
        values = [line.value for line in node.body if isinstance(line, ast.Assign)]
        yield from (value.elts[1] if isinstance(value, ast.Tuple) else value for value in values)
    if isinstance(node, ast.ClassDef) and node.name == "Meta":
        lines = [line for line in node.body if isinstance(line, ast.Assign)]
        yield from (line.value for line in lines if ast.unparse(line.targets[0]) in SHOWN_OF_META)
    if isinstance(node, ast.JoinedStr):
        # Whoever gathers the words to translate does not look into f-strings.
        inside = [part for part in ast.walk(node) if isinstance(part, ast.Call) and ast.unparse(part.func) in GETTEXT]
        yield from (argument for call in inside for argument in call.args if isinstance(argument, ast.Constant))
    if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
        # Nor for any other name.
        yield from (ast.Constant(one.asname, lineno=node.lineno) for one in node.names if one.asname not in (None, "_"))
    if not isinstance(node, ast.Call):
        return
    called = ast.unparse(node.func).rpartition(".")[2]
    if ast.unparse(node.func).startswith("serializers."):
        return  # It describes the API.
    if ast.unparse(node.func).startswith("models.") or called == "ArrayField":
        # The name of a column is the label of its field in a form; its help text may be for those who write code.
        named = node.args[:1] if called.endswith("Field") and called != "OneToOneField" else []
        yield from [*named, *(keyword.value for keyword in node.keywords if keyword.arg == "verbose_name")]
        return
    if called in refusals:
        yield from node.args
    elif called in SAYING and ast.unparse(node.func).startswith("messages."):
        yield from node.args[1:]
    elif called in SHOWN_ARGUMENTS:
        yield from node.args[SHOWN_ARGUMENTS[called] :]
    elif called in GETTEXT:
        # What is put together before it is looked up is in no catalogue.
        yield from (part for part in node.args if isinstance(part, ast.JoinedStr | ast.BinOp))
    for keyword in node.keywords:
        if (
            keyword.arg in SHOWN_KEYWORDS
            or (keyword.arg == "words" and called in SHOWN_IN_WORDS)
            or (keyword.arg in SHOWN_OF_FIELDS and called.endswith("Field"))
        ):
            yield keyword.value


def _bare(node: ast.expr, named: dict[str, list[ast.expr]], seen: set[str]) -> Iterator[tuple[ast.expr, str]]:
    """The literal words an expression may come to, where no call of gettext stands around them."""
    parts: list[ast.expr] = []
    match node:
        case ast.Constant(value=str(words)):
            yield node, words
        case ast.JoinedStr(values=values):
            words = " ".join(value.value for value in values if isinstance(value, ast.Constant))
            yield node, words
            parts = [value.value for value in values if isinstance(value, ast.FormattedValue)]
        case ast.IfExp(body=body, orelse=orelse):
            parts = [body, orelse]
        case ast.BoolOp(values=values) | ast.Tuple(elts=values) | ast.List(elts=values):
            parts = values
        case ast.BinOp(left=left, right=right, op=op):
            parts = [left] if isinstance(op, ast.Mod) else [left, right]
        case ast.Lambda(body=body):
            parts = [body]
        case ast.Dict(values=values):
            parts = values
        case ast.Subscript(value=ast.Dict() | ast.Name() as table):
            parts = [table]
        case ast.Call(func=ast.Attribute(value=ast.Constant() | ast.JoinedStr() as text), args=args):
            parts = [text, *args]
        case ast.Call(func=ast.Attribute(value=ast.Name() as table, attr="get"), args=args):
            parts = [table, *args[1:]]
        case ast.Call(func=ast.Name(id=name), args=args) if name in TEXT_ONLY:
            parts = args
        case ast.Name(id=name) if name not in seen:
            seen = seen | {name}
            parts = named.get(name, [])
    for part in parts:
        yield from _bare(part, named, seen)


def sources_of(root: Path, patterns: tuple[str, ...]) -> dict[str, str]:
    """Path below `root` -> text, of the files of these patterns."""
    return {str(path.relative_to(root)): path.read_text() for pattern in patterns for path in sorted(root.glob(pattern))}
