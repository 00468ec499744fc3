"""Words that were withdrawn: gone from answers, and a coordinator's to rewrite where the project said them in its own name."""

from uuid import uuid4

import pytest
from django.urls import reverse

from screening.decisions.content_notes.actions import put_note
from screening.projects import contributions
from screening.projects.access import Denied
from screening.projects.actions import Refused, edit_project
from screening.protocol.actions import add_outcome, change_outcome, record_version, remove, save_criterion, save_question
from screening.voices import actions
from screening.voices.glossary.actions import explain
from screening.voices.left.actions import let_stand
from screening.voices.left.models import WordsLeft, WordsStay
from screening.voices.left.queries import own_texts, words_left
from screening.voices.models import VoiceAnswer
from screening.voices.rules import WITHDRAWN, without_passages
from screening.voices.support.actions import write_support

WORDS = "We were called helpers, and never once in nine years were we paid for any of it."


def say(member, words=WORDS, **more):
    return actions.speak(by=member, about_kind="protocol", about_id=member.project_id, words=words, kind="experience", **more)


def answer(by, voice, words, **more):
    return actions.answer(by=by, voice=voice, status="heard", words=words, **more)


def left_in(team):
    return [one.text.label for one in words_left(team.project)]


def criterion(team, **more):
    values = {"label": "Paid", "text": "Half of the peers are paid.", **more}
    return save_criterion(by=team.coordinator, values=values)


# Answers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("You said “called helpers” and more.", "You said “called helpers” and more."),
        ("You said “called helpers, and never once”, rightly.", f"You said “{WITHDRAWN}”, rightly."),
        ('As you said: "We were called helpers."', f'As you said: "{WITHDRAWN}"'),
        ("«never once in nine years» stays", f"«{WITHDRAWN}» stays"),
        ("„never once in nine years“ stays", f"„{WITHDRAWN}“ stays"),
        ("It is “not at all your words” here.", "It is “not at all your words” here."),
        ("“An opening mark alone, called helpers, and", "“An opening mark alone, called helpers, and"),
    ],
)
def test_what_stands_in_quotation_marks_goes_from_three_words_on(line, kept):
    assert without_passages(line, WORDS) == kept


def test_what_answers_quote_goes_with_the_voice_in_answers_to_others_too(team):
    voice, other = say(team.working_group), say(team.ana, "Why are so few of them paid?")
    own = answer(team.coordinator, voice, "“Never once in nine years”: we hear it.")
    theirs = answer(team.coordinator, other, f"Somebody in the group said it: {WORDS}")
    plain = answer(team.coordinator, other, "Because few reviews say so.")
    actions.withdraw(by=team.working_group, voice=voice)
    kept = dict(VoiceAnswer.objects.values_list("pk", "words"))
    assert kept[own.pk] == f"“{WITHDRAWN}”: we hear it." and kept[plain.pk] == "Because few reviews say so."
    assert kept[theirs.pk].startswith("Somebody in the group said it: ") and "helpers" not in kept[theirs.pk]
    # Nobody can try out what the words were, and nothing else of the answers changed.
    assert set(VoiceAnswer.objects.filter(payload_hash="").values_list("pk", flat=True)) == {own.pk, theirs.pk}
    assert VoiceAnswer.objects.get(pk=own.pk).recorded_at == own.recorded_at


def test_answers_are_facts_all_the_same(team):
    from django.db import Error, transaction

    voice = say(team.working_group)
    given = answer(team.coordinator, voice, "We hear it.")
    actions.withdraw(by=team.working_group, voice=voice)
    with pytest.raises(Error, match="Cannot update"), transaction.atomic():
        VoiceAnswer.objects.filter(pk=given.pk).update(words="Never said.")


# The project's own texts -------------------------------------------------------------------------------------


def test_every_text_the_project_can_change_is_looked_through(team, reports):
    criterion(team, example_no=WORDS)
    save_question(by=team.coordinator, label="Pay", text=WORDS)
    outcome = add_outcome(by=team.working_group, label="Being paid", text=f"As the group said: {WORDS}")
    explain(by=team.working_group, term="Helper", meaning=f"The group says: {WORDS}")
    write_support(by=team.working_group, text=f"You may read this:\n\n{WORDS}")
    put_note(by=team.coordinator, words=f"Somebody says: {WORDS}", report_id=reports[0].pk)
    edit_project(by=team.coordinator, title=team.project.title, summary=WORDS.upper())
    voice = say(team.working_group)
    assert left_in(team) == []
    actions.withdraw(by=team.working_group, voice=voice)
    assert left_in(team) == [
        "Question: Pay", "Criterion: Paid", "Outcome: Being paid", "Glossary: Helper", "A content note", "Whom to turn to",
        "Title and summary of the project",
    ]  # fmt: skip
    assert WordsLeft.objects.filter(voice=voice, by=None).count() == 7
    # Nothing of them was touched: people decide by them as they read.
    assert [WORDS.casefold() in text.words.casefold() for text in own_texts(team.project)].count(True) == 7
    change_outcome(by=team.coordinator, outcome=outcome, label="Being paid", text="Whether the work is paid.")
    explain(by=team.working_group, term="Helper", meaning="Somebody who helps.")
    assert "Outcome: Being paid" not in left_in(team) and "Glossary: Helper" not in left_in(team) and len(left_in(team)) == 5


def test_it_waits_for_coordinators_and_repeats_no_word(client, team):
    one = criterion(team, plain_words=WORDS)
    voice = say(team.working_group)
    client.force_login(team.working_group.user)
    withdrawn = client.post(reverse("voices:withdraw", args=[team.project.slug, voice.pk]), follow=True).content.decode()
    assert "Coordinators are asked to rewrite them." in withdrawn
    page = reverse("voices:left", args=[team.project.slug])
    for member in team.members.values():
        waits = [item for item in contributions.waiting_for(member) if item.url == page]
        client.force_login(member.user)
        if member == team.coordinator:
            (item,) = waits
            assert (item.count, item.label, item.button) == (1, "text with withdrawn words", "Rewrite 1 text") and item.since
            shown = client.get(page).content.decode()
            assert reverse("protocol:criterion", args=[team.project.slug, one.pk]) in shown and "helpers" not in shown
        else:
            assert not waits and client.get(page).status_code == 403
    values = {"label": "Paid", "text": "Half of the peers are paid.", "plain_words": "At least half have a wage."}
    save_criterion(by=team.coordinator, values=values, criterion=one)
    client.force_login(team.coordinator.user)
    assert "No text of the project holds words" in client.get(page).content.decode()


def test_recorded_versions_stay_and_ask_nobody(team):
    one = criterion(team, plain_words=WORDS)
    version = record_version(by=team.coordinator)
    remove(by=team.coordinator, thing=one)
    actions.withdraw(by=team.working_group, voice=say(team.working_group))
    version.refresh_from_db()
    assert left_in(team) == [] and WORDS in str(version.body)


def test_a_text_can_be_let_stand_with_a_reason_for_all_who_withdrew_the_same(client, team):
    criterion(team, plain_words=WORDS)
    for member in (team.working_group, team.ana):
        actions.withdraw(by=member, voice=say(member))
    (left,) = words_left(team.project)
    with pytest.raises(Denied):
        let_stand(by=team.working_group, left_id=left.id, reason="No.")
    with pytest.raises(Refused, match="Say why"):
        let_stand(by=team.coordinator, left_id=left.id, reason=" ")
    client.force_login(team.coordinator.user)
    at = reverse("voices:let-stand", args=[team.project.slug, left.id])
    assert client.post(at, {"reason": "It is the title of a song."}).status_code == 302 and left_in(team) == []
    assert list(WordsStay.objects.values_list("reason", "by")) == [("It is the title of a song.", team.coordinator.pk)] * 2
    assert "somebody has seen to it already" in client.post(at, {"reason": "Again."}, follow=True).content.decode()
    with pytest.raises(Refused):
        let_stand(by=team.coordinator, left_id=uuid4(), reason="Of nothing.")


def test_a_word_or_two_that_everybody_uses_is_no_repetition(team):
    criterion(team, plain_words="Peers are paid.")
    actions.withdraw(by=team.working_group, voice=say(team.working_group, "Peers are paid."))
    assert not WordsLeft.objects.exists()


def test_what_is_kept_cannot_be_tried_out_without_the_servers_secret(team, settings):
    criterion(team, plain_words=WORDS)
    actions.withdraw(by=team.working_group, voice=say(team.working_group))
    kept = WordsLeft.objects.get().digest
    (text,) = [text for text in own_texts(team.project) if text.kind == "criterion"]
    assert text.digest == kept and "helpers" not in kept
    settings.SECRET_KEY = "another"
    assert text.digest != kept
