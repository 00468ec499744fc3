"""Every word a person reads can be translated: templates and Python hold none that does not go through gettext."""

import ast
import re
from pathlib import Path

import pytest

from tests.bare_words import Found, refusals_in, sources_of, words_in_python, words_in_template

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sources_of(
    ROOT,
    tuple(f"{place}/**/*.{kind}" for place in ("templates", "screening/*/templates", "extraction/*/templates") for kind in ("html", "txt")),
)
MODULES = {
    path: text
    for path, text in sources_of(ROOT, ("screening/**/*.py", "extraction/**/*.py")).items()
    # What programs read, and what is read at a terminal, is English.
    if not re.search(r"/migrations/|/management/|/api\.py$|/api/|/[a-z_]+_api\.py$|/exports/decisions_file\.py$", path)
}
REFUSALS = refusals_in(MODULES)

# Said alike in every language: names of things, not words.
SAME_EVERYWHERE = re.compile(
    r"\b(Brolly|DOI|PMID|PMCID|ORCID|PRISMA|PRISMA-S|PROSPERO|PICOS?|PRIOR|GRIPP2|AMSTAR|ROBIS|CCA|PABAK|AC1|ELAS|BUSCAR"
    r"|PubMed|MEDLINE|Embase|Scopus|Ovid|EndNote|Rayyan|Covidence|Zotero|Cochrane|Web of Science|OSF"
    r"|PDF|CSV|TSV|RIS|BibTeX|XML|XLSX|DOCX|JSON|SVG|PNG|HTML|Markdown|MB|API|URL|UTC|CSL|NBIB|ID|Esc|Ctrl|Alt|Shift|Tab)\b"
)

# Of each design component a sample, for whoever builds pages, served in development alone; and a tag put together by pieces.
NO_WORDS = ("templates/design/", "templates/allauth/elements/button.html")


def bare(sources: dict[str, str]) -> list[Found]:
    found: list[Found] = []
    for path, text in sources.items():
        if path.startswith(NO_WORDS):
            continue
        if path.endswith(".py"):
            found += words_in_python(path, text, REFUSALS, SAME_EVERYWHERE)
        else:
            found += words_in_template(path, text, SAME_EVERYWHERE)
    return found


def in_template(source: str) -> list[str]:
    return [one.words for one in words_in_template("x.html", source, SAME_EVERYWHERE)]


def in_python(source: str) -> list[str]:
    return [one.words for one in words_in_python("x.py", source, refusals_in({"x.py": source}), SAME_EVERYWHERE)]


def test_every_word_of_a_page_goes_through_gettext():
    assert len(TEMPLATES) > 200
    found = bare(TEMPLATES)
    assert not found, "\n".join(map(str, found))


def test_every_word_that_python_shows_goes_through_gettext():
    assert len(MODULES) > 300
    found = bare(MODULES)
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Nothing yet.</p>", ["Nothing yet."]),
        ("{{ n }} report{{ n|pluralize }}", ["report"]),
        ('{% if x %}<a href="/">open</a>{% endif %}', ["open"]),
        ('<nav aria-label="Pages of the list"></nav>', ["Pages of the list"]),
        ('<input placeholder="For example: MEDLINE">', ["For example: MEDLINE"]),
        ('<img alt="The diagram" title="As it stands">', ["The diagram", "As it stands"]),
        ('<input type="submit" value="Keep it">', ["Keep it"]),
        ('{{ title|default:"Untitled" }}', ["Untitled"]),
        ('{{ many|yesno:"are,is" }}', ["are,is"]),
        ('{% include "includes/empty.html" with text="No report yet." %}', ["No report yet."]),
        ('{% translate "Said" %} by {{ name }}', ["by"]),
        ("{% translate one.words %}", ["one.words"]),
        ("{% comment %}not this{% endcomment %}but this", ["but this"]),
        ("{% blocktranslate %}not this{% plural %}nor this{% endblocktranslate %} but this", ["but this"]),
        ("<option>B&amp;W prints</option>", ["B&W prints"]),
    ],
)
def test_a_bare_word_of_a_template_is_found(source, words):
    assert in_template(source) == words


@pytest.mark.parametrize(
    "source",
    [
        '{% translate "Nothing yet." %}',
        "{% blocktranslate trimmed count n=n %}One report{% plural %}{{ n }} reports{% endblocktranslate %}",
        '<a class="btn main" id="keep-it" href="/p/one/" data-keys="undo">{{ words }}</a>',
        '<input name="reason" type="text" value="word for word">',
        '{{ title|default:_("Untitled") }}',
        '<h2 id="{{ form.prefix|default:"form" }}-errors"></h2>',
        '{% include "includes/empty.html" with text=_("No report yet.") name="include" %}',
        '{% url "references:report" project.slug as address %}{# not read #}',
        "{% block main_class %}page measure{% endblock %}",
        "<span>DOI</span> · 1,234 × n",
        "{% if a %}A{% elif b %}B{% endif %}",
        "<code>manage.py verify</code>",
        '<script src="x.js">var words = "of a script";</script>',
    ],
)
def test_what_is_translated_or_no_word_is_not_found(source):
    assert in_template(source) == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('raise Refused("Say why.")', ["Say why."]),
        ('raise Refused(f"{name} is empty.")', [" is empty."]),
        ('class Clash(Refused): ...\nclass Worse(Clash): ...\nraise Worse("Twice.")', ["Twice."]),
        ('raise Denied("Not " + "yours")', ["Not ", "yours"]),
        ('messages.success(request, "Kept.")', ["Kept."]),
        ('def view(request):\n    words = "one" if n == 1 else "many"\n    messages.info(request, words)', ["many", "one"]),
        ('form.add_error("name", "Give a name.")', ["Give a name."]),
        ('raise forms.ValidationError("No file.")', ["No file."]),
        ('name = forms.CharField(label="Name", help_text="As it is known.")', ["As it is known.", "Name"]),
        ('name = forms.CharField(error_messages={"required": "Give a name."})', ["Give a name."]),
        ('class Meta:\n    labels = {"name": "Its name"}\n    fields = ["name"]', ["Its name"]),
        ('name = models.CharField("short label", max_length=80)', ["short label"]),
        ('class Kind(models.TextChoices):\n    ONE = "one", "The first"', ["The first"]),
        ('Waiting(n, "to settle", url, button=f"Settle {n}")', ["Settle ", "to settle"]),
        ('Figure(key="team", label="Team", url=url)', ["Team"]),
        ('HistoryEntry(at, who, {True: "Joined", False: "Parted"}[joined])', ["Joined", "Parted"]),
        ('TABLE = {1: "once"}\nHistoryEntry(at, who, TABLE[n])', ["once"]),
        ('forms.TextInput(attrs={"placeholder": "For example"})', ["For example"]),
        ('_(f"{n} reports")', [" reports"]),
        ("said = f\"{_('Line')} {n}\"", ["Line"]),
        ("from django.utils.translation import gettext as _now", ["_now"]),
        ('messages.info(request, _("%(n)s reports") % {"n": n} + ", for all")', [", for all"]),
    ],
)
def test_a_bare_word_of_python_is_found(source, words):
    assert sorted(in_python(source)) == words


@pytest.mark.parametrize(
    "source",
    [
        'raise Refused(_("Say why."))',
        'raise Refused(ngettext("%(n)s report", "%(n)s reports", n) % {"n": n})',
        'raise Refused(f"{line} {n}: {error}")',
        'messages.success(request, CAUSES[cause] % {"source": name})',
        'name = forms.CharField(label=_("Name"))',
        'n = serializers.IntegerField(help_text="How many there are.")',
        'same = models.ForeignKey("self", models.PROTECT)',
        'logger.info("read %s", name)',
        'raise ValueError("a column without a name")',
    ],
)
def test_what_goes_through_gettext_or_is_for_programs_is_not_found(source):
    assert in_python(source) == []


def test_what_is_found_names_its_line():
    assert str(words_in_template("a.html", "<p>\n{{ x }}\nbare</p>", SAME_EVERYWHERE)[0]) == "a.html:3: 'bare'"
    assert str(words_in_python("a.py", '\nraise Refused("bare")', {"Refused"}, SAME_EVERYWHERE)[0]) == "a.py:2: 'bare'"


PLACES = re.compile(r"%\((\w+)\)s|{{ (\w+) }}")
PLURAL = re.compile(r"{% blocktrans(?:late)? [^%]*%}((?:(?!{% end).)*?){% plural %}(.*?){% endblocktrans(?:late)? %}", re.DOTALL)


def only_in_the_singular(source: str) -> list[str]:
    """Plurals whose singular has a place the plural has not: no catalogue with them compiles."""
    if source.lstrip().startswith(("{", "<")):
        pairs = PLURAL.findall(source)
    else:
        calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
        forms = [call.args[:2] for call in calls if call.func.id.startswith("ngettext") and len(call.args) > 1]
        pairs = [tuple(form.value for form in both) for both in forms if all(isinstance(form, ast.Constant) for form in both)]
    return [one for one, many in pairs if set(PLACES.findall(one)) - set(PLACES.findall(many))]


def test_every_plural_can_be_compiled():
    sources = {path: text for path, text in TEMPLATES.items() if path.endswith(".html")} | MODULES
    found = [f"{path}: {words!r}" for path, text in sources.items() for words in only_in_the_singular(text)]
    assert not found, "\n".join(found)


def test_a_plural_that_cannot_be_compiled_is_found():
    assert only_in_the_singular('ngettext("%(name)s came", "%(n)s came", n)') == ["%(name)s came"]
    assert only_in_the_singular('ngettext("one came of %(all)s", "%(n)s came of %(all)s", n)') == []
    assert only_in_the_singular("{% blocktranslate count n=n %}{{ who }}{% plural %}{{ n }}{% endblocktranslate %}") == ["{{ who }}"]
    assert only_in_the_singular("{% blocktranslate count n=n %}{{ n }} x{% plural %}{{ n }} y{% endblocktranslate %}") == []
