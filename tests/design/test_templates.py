"""The shared templates: strict about inline code, wired for screen readers, and the same wherever they are included."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.template.loader import get_template, render_to_string

from config.design import SampleForm, sample_jobs, sample_strip
from screening.projects.models import Job

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / "templates"
PAGES = sorted([*SHARED.rglob("*.html"), *ROOT.glob("screening/*/templates/**/*.html"), *ROOT.glob("extraction/*/templates/**/*.html")])
MAIL = SHARED / "email" / "base.html"


def ids_in(html: str) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', html))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_holds_inline_script_style_or_handlers(page):
    text = page.read_text()
    if page == MAIL:
        assert "<script" not in text
        return
    assert not re.search(r"<style\b|\sstyle=|\son\w+=\"|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script\b[^>]*>", text))


@pytest.mark.parametrize(
    "template", sorted(path for path in SHARED.rglob("*") if path.is_file()), ids=lambda path: str(path.relative_to(SHARED))
)
def test_every_shared_template_compiles(template):
    get_template(str(template.relative_to(SHARED)))


def test_every_sheet_script_and_include_is_named_where_the_design_is_described():
    described = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    parts = [path for kind in ("static/css/*.css", "static/js/*.js", "templates/includes/*.html") for path in ROOT.glob(kind)]
    assert len(parts) > 70 and [path.name for path in parts if not re.search(rf"[`/]{re.escape(path.name)}`", described)] == []


def test_words_keep_to_the_house_manner():
    for page in [*PAGES, *SHARED.rglob("*.txt")]:
        spoken = re.sub(
            r"{%.*?%}|{{.*?}}|<[^>]*>|{#.*?#}",
            " ",
            re.sub(r"{% comment %}.*?{% endcomment %}|<!doctype[^>]*>|<style>.*?</style>", "", page.read_text(), flags=re.S),
            flags=re.S,
        )
        assert not re.search(r"\boops\b|\bplease\b|\w!", spoken, re.I), page


def test_a_field_names_its_help_and_its_error_to_the_control():
    html = render_to_string("includes/field.html", {"field": SampleForm({"title": ""})["title"]})
    described = re.search(r'<input[^>]*aria-describedby="([^"]+)"', html)
    assert described
    assert set(described[1].split()) <= ids_in(html)
    assert {"id_title_helptext", "id_title_error"} <= ids_in(html)
    assert 'aria-invalid="true"' in html
    assert '<label for="id_title">' in html


def test_radios_stand_in_a_fieldset_each_with_its_own_label():
    html = render_to_string("includes/field.html", {"field": SampleForm()["answer"]})
    assert "<fieldset" in html and "<legend>How is it answered?" in html
    inputs = set(re.findall(r'<input[^>]*id="([^"]+)"', html))
    assert inputs == set(re.findall(r'<label for="([^"]+)"', html))
    assert len(inputs) == 3


def test_help_text_written_by_a_person_is_escaped():
    class Risky(forms.Form):
        answer = forms.CharField(help_text="<script>alert(1)</script>")

    assert "<script>" not in render_to_string("includes/field.html", {"field": Risky()["answer"]})


def test_the_summary_links_every_error_to_something_in_the_form():
    html = render_to_string("includes/form_fields.html", {"form": SampleForm({"title": "", "reason": ""})})
    targets = re.findall(r'href="#([^"]+)"', html)
    assert len(targets) == 4
    assert set(targets) <= ids_in(html)
    assert "4 things need another look" in html


def test_a_form_without_errors_has_no_summary():
    assert "summary" not in render_to_string("includes/form_fields.html", {"form": SampleForm()})


def test_the_strip_marks_where_one_is_twice_for_wide_and_narrow():
    html = render_to_string("includes/strip.html", {"strip": sample_strip()})
    assert html.count('aria-current="page"') == 2
    assert "3,986" in html and "<b>Titles</b>" in html
    assert html.count('class="gap"') == 3


def test_a_figure_of_nought_is_shown_and_a_missing_one_is_not():
    place = {"label": "Included", "url": "/i", "unit": "so far", "current": False, "gap_before": False, "flow": True}
    assert "<b>0 <i>so far</i></b>" in render_to_string("includes/strip.html", {"strip": [place | {"figure": 0}]})
    assert "<i>" not in render_to_string("includes/strip.html", {"strip": [place | {"figure": None}]})


@pytest.mark.parametrize("job", sample_jobs(), ids=lambda job: job.state)
def test_a_job_is_asked_for_again_only_until_it_is_over(job):
    html = render_to_string("includes/job.html", {"job": job, "status_url": "/jobs/1", "cancel_url": "/jobs/1/cancel"})
    assert ("hx-get" in html) is (job.state == Job.State.RUNNING)
    assert ("Cancel</button>" in html) is (job.state == Job.State.RUNNING)
    assert ("data-announce" in html) is job.is_over


def test_a_job_with_thousands_gives_the_bar_plain_numbers():
    html = render_to_string("includes/job.html", {"job": Job(state="running", done=1200, total=2812), "status_url": "/j"})
    assert 'max="2812" value="1200"' in html
    assert "1,200 of 2,812" in html


@pytest.mark.parametrize(
    "value, word", [("include", "Include"), ("exclude", "Exclude"), ("maybe", "Maybe"), ("conflict", "Conflict"), ("", "Not settled yet")]
)
def test_a_decision_is_a_shape_and_a_word(value, word):
    html = render_to_string("includes/decision.html", {"value": value})
    assert word in html and "<svg" in html and 'aria-hidden="true"' in html


def test_the_signs_of_decisions_differ_in_shape():
    drawn = [render_to_string("includes/glyph.html", {"name": name}) for name in ("include", "exclude", "maybe", "conflict", "wait")]
    assert len(set(drawn)) == 5


def test_a_record_without_anything_still_says_so():
    html = render_to_string("includes/record_line.html", {"title": "", "authors": "", "journal": "", "year": None})
    assert "Without a title" in html and "No authors given" in html


def test_a_voice_is_escaped_and_keeps_its_paragraphs():
    html = render_to_string("includes/voice.html", {"words": "One.\n\n<b>Two</b>", "name": "Marigold", "when": None})
    assert html.count("<p>") >= 2 and "&lt;b&gt;Two" in html


def test_a_refused_button_says_why_beside_itself():
    html = render_to_string("includes/not_permitted.html", {"id": "rule", "label": "Settle", "reason": "Only adjudicators settle."})
    assert 'aria-disabled="true" aria-describedby="rule-why"' in html and "rule-why" in ids_in(html)


def test_history_without_entries_is_a_sentence():
    assert "Nothing has changed" in render_to_string("includes/history.html", {"entries": []})
    entry = SimpleNamespace(at=None, who="Ana K.", what="changed the label", detail="")
    assert "Ana K.: changed the label" in render_to_string("includes/history.html", {"entries": [entry]})


@pytest.mark.parametrize("code", [400, 403, 404, 429, 500])
def test_error_pages_need_nothing_from_the_request(code):
    html = render_to_string(f"{code}.html")
    assert f">{code}</p>" in html and html.count("<h1>") == 1


def test_a_refusal_shows_its_reason_escaped():
    html = render_to_string("403.html", {"exception": "Only <coordinators> invite."})
    assert "Only &lt;coordinators&gt; invite." in html


def test_fonts_named_by_the_sheets_are_those_set_up_copies():
    named = set(re.findall(r"node/fonts/([\w-]+\.woff2)", (ROOT / "static/css/fonts.css").read_text()))
    folder = ROOT / "assets" / "node" / "fonts"
    if not folder.is_dir():
        pytest.skip("assets/node is made by make setup and is absent here")
    assert named <= {font.name for font in folder.iterdir()}


def test_every_module_a_script_imports_exists():
    for script in (ROOT / "static" / "js").glob("*.js"):
        for name in re.findall(r'from "\./([\w.]+)"', script.read_text()):
            assert (script.parent / name).is_file(), (script.name, name)
