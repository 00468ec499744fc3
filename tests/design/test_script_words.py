"""The scripts hold no words: each sentence they show is named, and the page that loads them hands it over."""

import json
import re
from pathlib import Path

import pytest
from django.utils import translation

from screening.decisions.desk.script_words import as_list, one_at_a_time
from screening.projects import script_words
from screening.projects.script_words import KINDS, counted, frame_words

SCRIPTS = Path(__file__).resolve().parents[2] / "static" / "js"
FRAME = {"announce", "copy", "files", "main", "menu", "outbox", "outbox_notice", "outbox_store", "shortcuts"}
LIST = {"desk_keys", "desk_labels", "desk_list", "desk_sending", "desk_view"}
NAME = re.compile(r"\b(?:worded|counted)\(([^,;]*)")


def code(name):
    """A script without its comments."""
    text = (SCRIPTS / f"{name}.js").read_text(encoding="utf-8")
    return re.sub(r"^\s*//.*$|/\*.*?\*/", "", text, flags=re.DOTALL | re.MULTILINE)


def named(*scripts):
    """The names of words that these scripts ask for, as far as they stand there in full."""
    return {name for script in scripts for asked in NAME.findall(code(script)) for name in re.findall(r'"([\w-]+)"', asked)}


@pytest.mark.parametrize("script", sorted(path.stem for path in SCRIPTS.glob("*.js")))
def test_a_script_holds_no_sentence(script):
    text = code(script)
    literals = [one or other for one, other in re.findall(r'"([^"\n]*)"|`([^`]*)`', text)]
    sentences = [one for one in literals if re.match(r"[A-Z][a-z]+( [a-z’]+)+|[A-Z][a-z]+\.$|\([a-z]+ [a-z]+", one)]
    assert not sentences


def test_every_word_a_script_asks_for_is_handed_over():
    frame, focus, cards = (set(json.loads(words())) for words in (frame_words, one_at_a_time, as_list))
    assert named(*FRAME) <= frame
    assert named(*LIST) <= cards | frame
    assert named(*(LIST - {"desk_list"}), "desk", "paper") <= focus | frame
    assert not frame & (focus | cards)


def test_each_answer_and_each_trouble_has_its_sentence():
    focus, cards = json.loads(one_at_a_time()), json.loads(as_list())
    for answer in ("include", "maybe", "exclude"):
        assert {answer, f"said_{answer}", f"last_{answer}", f"key_{answer}"} <= set(focus)
        assert {answer, f"{answer}_next", f"done_{answer}", f"open_{answer}"} <= set(cards)
    for trouble in ("waiting", "offline", "signed-out", "another"):
        assert {f"at_{trouble}{where}" for where in ("", "_kept", "_unkept")} <= set(focus) & set(cards)


def test_a_number_has_a_form_for_each_kind_the_language_knows(monkeypatch):
    assert counted("{n} title", "{n} titles") == {"": "{n} titles", "1": "{n} title"}
    # As Polish does: one, a few (2 to 4), many.
    monkeypatch.setattr(script_words, "ngettext", lambda one, many, n: "one" if n == 1 else "few" if 2 <= n <= 4 else "many")
    assert counted("{n} title", "{n} titles") == {"": "many", "1": "one", "2": "few", "3": "few"} and 5 in KINDS


def test_words_are_kept_for_each_language_apart(monkeypatch):
    asked = []
    monkeypatch.setattr(script_words, "get_language", lambda: translation.get_language())
    made = script_words.as_attribute(lambda: asked.append(translation.get_language()) or {"n": translation.get_language()})
    with translation.override("de"):
        assert json.loads(made()) == json.loads(made()) == {"n": "de"}
    with translation.override("fr"):
        assert json.loads(made()) == {"n": "fr"}
    assert asked == ["de", "fr"]


def test_every_page_and_the_desk_hand_their_words_over(client, team, reports):
    client.force_login(team.ana.user)
    html = client.get(f"/p/{team.project.slug}/screening/").content.decode()
    assert 'name="words" data-words="{&quot;copied&quot;:&quot;Copied&quot;' in html
    assert html.count(" data-words=") == 2 and "&quot;all_sent&quot;:&quot;All sent&quot;" in html
