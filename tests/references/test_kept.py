"""What matching and the readers of files keep in English can be said in another language: every sentence they have."""

import ast
import importlib
import re
from pathlib import Path

import pytest
from django.utils.translation import get_language

from screening.references import formats
from screening.references.dedupe import Entry, find, versions, words
from screening.references.formats import columns, refusals
from screening.references.kept import FIELDS, TITLES, column_word, file_as_read, reason_as_read
from screening.references.kept_files import COLUMNS, KINDS

FORMATS = Path(formats.__file__).parent
DEDUPE = Path(words.__file__).parent
SENTENCE = re.compile(r"[A-Z0-9].* .*[a-z)”]\.", re.DOTALL)


@pytest.fixture
def bracketed(monkeypatch):
    """A language in which every sentence and every name stands in brackets."""
    for place in ("screening.projects.kept_words.gettext", "screening.references.kept._", "screening.references.kept_files._"):
        monkeypatch.setattr(place, lambda words: f"<{words}>")
    for place in ("screening.references.kept.ngettext", "screening.references.kept_files.ngettext"):
        monkeypatch.setattr(place, counted)


def counted(one, many, n):
    # What is kept is looked for in English, without any language: those patterns stay for the tests after this one.
    form = one if n == 1 else many
    return f"<{form}>" if get_language() else form


def written(folder: Path) -> list[str]:
    """Every sentence in the modules of a folder, with 7 in the places of its values."""
    found = []
    for path in sorted(folder.glob("*.py")):
        package = folder.relative_to(Path(__file__).parents[2]).as_posix().replace("/", ".")
        module = importlib.import_module(package if path.stem == "__init__" else f"{package}.{path.stem}")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node) if part is not node}
        texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in bare | inside]
        found += [said for node in texts if SENTENCE.fullmatch(said := text_of(node, module))]
    return found


def text_of(node, module) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    parts = []
    for part in node.values:
        value = part.value
        if isinstance(part, ast.Constant):
            parts.append(value)
        elif isinstance(value, ast.Name) and isinstance(getattr(module, value.id, None), str):
            parts.append(getattr(module, value.id))
        else:
            parts.append(value.body.value if isinstance(value, ast.IfExp) and isinstance(value.body, ast.Constant) else "7")
    return "".join(parts)


# Not sentences about a file: what a program is told.
OTHERS = ("Two entries have the same key.",)


def test_every_sentence_of_a_reader_of_files_is_named_for_translation(bracketed):
    sentences = [said.replace("record.7", "record. The first: line 3, No title.") for said in written(FORMATS)]
    assert len(sentences) > 50
    left = [said for said in sentences if re.sub(r"<[^<>]*(?:<[^<>]*>[^<>]*)*>", "", file_as_read(said)).strip()]
    assert left == []


def test_every_kind_of_file_and_column_is_named_for_translation():
    told = {what for _, what, _ in (*refusals._MAGIC, *refusals._ZIPPED, *refusals._TEXT_KINDS)}
    calls = [node for node in ast.walk(ast.parse((FORMATS / "refusals.py").read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    told |= {call.args[0].value for call in calls if getattr(call.func, "id", "") == "_sentence" and isinstance(call.args[0], ast.Constant)}
    assert told <= set(KINDS)
    assert {said for _name, said in columns.WORDS} == COLUMNS


def test_every_reason_of_matching_is_named_for_translation(bracketed):
    sentences = [said for said in written(DEDUPE) if said not in OTHERS and not said.startswith(("Same 7", "7"))]
    sentences += [f"{name} differs." for name in ("Journal", "Volume", "PubMed number", "DOI", "Abstract")]
    sentences += [*versions._SENTENCES.values(), "Years differ: 2019 and 2021."]
    assert len(sentences) > 25
    left = [said for said in sentences if not reason_as_read(re.sub(r"([(:] ?)7", r"\g<1>1 and 2", said)).startswith("<")]
    assert left == []
    assert set(words._TITLES.values()) == set(TITLES)


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("Same DOI, and same title.", "<Same <DOI>, and <same title>.>"),
        ("Same DOI and PubMed number, and nearly the same title.", "<Same <DOI and PubMed number>, and <nearly the same title>.>"),
        ("Same title. Authors and year agree. Pages differ.", "<Same title.> <<<authors> and <year>> agree.> <Pages differ.>"),
        ("Journal agrees.", "<<journal> agrees.>"),
        ("Years differ: 2019 and 2021.", "<Years differ: 2019 and 2021.>"),
        ("Both are by the same team. Same title.", "Both are by the same team. <Same title.>"),
    ],
)
def test_reasons_are_told_sentence_by_sentence(kept, said, bracketed):
    assert reason_as_read(kept) == said


def test_in_english_a_reason_stays_as_it_was_kept():
    kept = "Same DOI, and same title. Authors, journal, volume and year agree. Year differs by one. Pages agree."
    assert reason_as_read(kept) == kept
    entries = [
        Entry(n, "Peer support for people with psychosis: a systematic review", ("Alder J", "Birch M"), 2021, "Journal of Peers", doi=doi)
        for n, doi in (("a", "10.1000/one"), ("b", "10.1000/one"))
    ]
    (group,) = find(entries).certain
    assert {reason_as_read(said) for said in group.reasons.values()} == set(group.reasons.values())
    assert all(re.search(rf"\b{field}", " ".join(group.reasons.values()), re.IGNORECASE) for field in ("authors", "journal", "year"))
    assert "authors" in FIELDS


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (
            "The file seems to be a program, which cannot be read as references. Export the search again as RIS, PubMed (nbib) or CSV "
            "and import that.",
            "<The file seems to be <a program>, which cannot be read as references.> "
            "<Export the search again as RIS, PubMed (nbib) or CSV and import that.>",
        ),
        ("1 blank row passed over.", "<1 blank row passed over.>"),
        ("1,204 blank rows passed over.", "<1,204 blank rows passed over.>"),
        ("The row has only 3 cells for 12 columns.", "<The row has only 3 cells for 12 columns.>"),
        ("This is not a DOI: “see p. 4. Also (5)”.", "<This is not a DOI: “see p. 4. Also (5)”.>"),
        ("Kept by an earlier release.", "Kept by an earlier release."),
        ("", ""),
    ],
)
def test_what_was_said_of_a_file_is_told_in_the_readers_language(kept, said, bracketed):
    assert file_as_read(kept) == said
    assert file_as_read(f"a. B.ris: {kept}", "a. B.ris") == f"a. B.ris: {said}"


def test_what_columns_hold_is_told_in_the_readers_language(bracketed):
    assert column_word("First page") == "<First page>"
    assert column_word("Something") == "Something"
