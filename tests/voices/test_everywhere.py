"""A place to speak on every page, the glossary, whom to turn to, and the review in plain words."""

from uuid import uuid4

import pytest
from django.urls import reverse

from screening.decisions.content_notes.actions import put_note
from screening.projects import contributions
from screening.projects.access import Denied
from screening.projects.actions import Refused, set_roles
from screening.projects.contributions import About
from screening.protocol.actions import record_version, save_criterion, save_instrument, save_question
from screening.protocol.models import SearchSource
from screening.voices import queries
from screening.voices.glossary.actions import explain, take_away
from screening.voices.glossary.queries import glossary_of
from screening.voices.here import box_id
from screening.voices.models import GlossaryTerm, VoiceSetting
from screening.voices.plain.rules import parts
from screening.voices.support.actions import promise, write_support
from tests.cast import decide
from tests.voices.test_voices import read, say


@pytest.fixture
def criterion(team):
    values = {
        "label": "Not a review",
        "text": "The report is a systematic review.",
        "plain_words": "It sums up other studies by stated rules.",
    }
    return save_criterion(by=team.coordinator, values=values)


def test_from_every_page_one_comes_to_what_it_is_about(client, team, reports, criterion):
    record_version(by=team.coordinator)
    slug, source, instrument = team.project.slug, SearchSource.objects.get(), save_instrument(by=team.coordinator, label="AMSTAR 2")
    wanted = {
        reverse("references:report", args=[slug, reports[0].pk]): ("report", reports[0].pk, ""),
        reverse("protocol:criterion", args=[slug, criterion.pk]): ("criterion", criterion.pk, ""),
        reverse("protocol:source", args=[slug, source.slug]): ("source", source.pk, ""),
        reverse("protocol:instrument", args=[slug, instrument.pk]): ("instrument", instrument.pk, ""),
        reverse("protocol:page", args=[slug]): ("protocol", team.project.pk, ""),
        reverse("flow:box", args=[slug, "dbr_excluded"]): ("box", box_id(team.project.pk, "dbr_excluded"), ""),
        reverse("voices:thread", args=[slug, "criterion", criterion.pk]): ("criterion", criterion.pk, ""),
        reverse("overlap:page", args=[slug]): ("project", team.project.pk, "?place=Overlap"),
        reverse("flow:project", args=[slug]): ("project", team.project.pk, ""),
        reverse("references:report", args=[slug, uuid4()]): ("project", team.project.pk, ""),
        "/p/another-project/reports/": ("project", team.project.pk, ""),
        "//evil.example/": ("project", team.project.pk, ""),
        "nonsense\x00": ("project", team.project.pk, ""),
    }
    client.force_login(team.working_group.user)
    for page, (kind, pk, more) in wanted.items():
        answer = client.get(reverse("voices:speak", args=[slug]), {"from": page})
        assert answer.status_code == 302 and answer.url.partition("?")[0] == reverse("voices:thread", args=[slug, kind, pk]), page
        assert not more or answer.url.endswith(more)
        assert client.get(answer.url).status_code == 200


@pytest.mark.parametrize("name", ["flow:project", "protocol:page", "references:reports", "decisions:desk", "overlap:page", "projects:team"])
def test_every_page_has_a_place_to_speak_a_glossary_and_support(client, team, reports, name):
    for member in (team.working_group, team.ana):
        client.force_login(member.user)
        page = client.get(reverse(name, args=[team.project.slug])).content.decode()
        for place in ("speak", "glossary", "support"):
            assert f'href="{reverse(f"voices:{place}", args=[team.project.slug])}' in page, (name, place)


def test_each_kind_of_thing_has_its_thread_under_its_own_name(client, team, reports, criterion):
    record_version(by=team.coordinator)
    run = reports[0].placements.first().record.import_run
    things_of_ana = queries.Things(team.ana)
    from screening.protocol.models import ProtocolVersion

    things = [
        ("source", SearchSource.objects.get().pk, "MEDLINE"),
        ("version", ProtocolVersion.objects.get().pk, "Protocol, version 1"),
        ("reason", criterion.pk, "Excluded because: Not a review"),
        ("import", run.pk, "search.ris"),
        ("box", box_id(team.project.pk, "dbr_included"), "Reports included, databases and registers"),
        ("project", team.project.pk, "The review as a whole"),
    ]
    for kind, pk, label in things:
        say(team.working_group, f"On a {kind}.", about=(kind, pk))
        about, thing = things_of_ana.find(kind, pk)
        assert about.label(thing) == label
        client.force_login(team.ana.user)
        assert client.get(about.url(thing)).status_code == 200
    assert {one.about for one in queries.awaiting(team.coordinator)} == {label for _kind, _pk, label in things}
    assert read(team.observer, ("reason", criterion.pk)) == ["On a reason."]
    # Another project's things are not there.
    assert (
        things_of_ana.find("source", uuid4()) is None
        and things_of_ana.find("box", uuid4()) is None
        and things_of_ana.find("project", uuid4()) is None
    )


def test_a_kind_that_a_later_room_brings_needs_nothing_but_to_be_registered(client, team):
    pk = uuid4()
    contributions.about(
        About(
            kind="theme", name="theme", find=lambda member, one: one if one == str(pk) else None,
            label=lambda one: "Being understood", url=lambda one: "/",
        )
    )  # fmt: skip
    try:
        say(team.working_group, "Yes, this.", about=("theme", pk))
        client.force_login(team.ana.user)
        for page in (reverse("voices:said", args=[team.project.slug]), reverse("voices:thread", args=[team.project.slug, "theme", pk])):
            assert "Being understood" in client.get(page).content.decode()
    finally:
        contributions._abouts.pop("theme")


def test_words_on_a_document_wait_as_on_its_report(client, team, reports):
    from screening.fulltext.actions import record_retrieval
    from screening.fulltext.models import Document, DocumentPlacing

    for member in (team.ana, team.ben):
        decide(member, reports[0], "include")
    record_retrieval(by=team.ana, report_id=reports[0].pk, status="retrieved")
    facts = {"project": team.project, "by": team.ana}
    document = Document.objects.create(sha256="1" * 64, filename="text.pdf", size=1, stored_file="documents/1", **facts)
    DocumentPlacing.objects.create(document=document, report=reports[0], anchor=reports[0].placements.get().record, how="hand", **facts)
    about = ("document", document.pk)
    say(team.ana, "Not what it says it is.", about=about, place="page 3")
    say(team.working_group, "A hard page.", about=about, place="page 4")
    assert read(team.ben, about) == ["A hard page."] and len(read(team.ana, about)) == 2
    for member in (team.ana, team.ben):
        decide(member, reports[0], "include", stage="full_text")
    assert read(team.ben, about) == ["Not what it says it is.", "A hard page."]
    assert queries.recent(team.ben)[0].place == "page 4"
    client.force_login(team.ben.user)
    thread = reverse("voices:thread", args=[team.project.slug, *about])
    assert client.post(thread, {"id": uuid4(), "words": "So here.", "kind": "comment", "place": "page 9"}).status_code == 302
    put_note(by=team.working_group, words="Speaks of a death.", report_id=reports[0].pk)
    page = client.get(thread).content.decode()
    assert page.index("Speaks of a death.") < page.index("A hard page.")
    assert queries.recent(team.ana)[0].place == "page 9" and ">Page<" in client.get(thread).content.decode().replace(" ", "")


def test_the_glossary_has_common_words_and_the_projects_own_in_their_place(client, team):
    common = len(glossary_of(team.project))
    term = explain(by=team.working_group, term="peer", meaning="Somebody who has been there.")
    explain(by=team.coordinator, term="Peer", meaning="Somebody who was there, and is employed for it.")
    explain(by=team.coordinator, term="blind", meaning="Our own meaning.")
    found = {entry.term: entry.meaning for entry in glossary_of(team.project)}
    assert len(found) == common + 1 and found["Peer"].endswith("employed for it.") and found["blind"] == "Our own meaning."
    events = GlossaryTerm.pgh_event_model.objects.filter(pgh_obj=term.pk).order_by("pgh_id")
    assert events.first().meaning == "Somebody who has been there."
    for _ in range(2):
        take_away(by=team.working_group, term_id=term.pk)
    assert len(glossary_of(team.project)) == common
    with pytest.raises(Denied):
        explain(by=team.ana, term="x", meaning="y")
    for bad in ({"term": " ", "meaning": "y"}, {"term": "x", "meaning": "\x00"}, {"term": "x", "meaning": "y" * 601}):
        with pytest.raises(Refused):
            explain(by=team.coordinator, **bad)
    client.force_login(team.working_group.user)
    address = reverse("voices:glossary", args=[team.project.slug])
    assert client.post(address, {"term": "<b>x</b>", "meaning": "A mark."}).status_code == 302
    assert "&lt;b&gt;x&lt;/b&gt;" in client.get(address).content.decode()


def test_support_is_written_by_the_group_or_a_coordinator_and_is_harmless(client, team):
    address = reverse("voices:support", args=[team.project.slug])
    client.force_login(team.working_group.user)
    assert "Nobody has written this yet" in client.get(address).content.decode()
    assert client.post(address, {"text": "**Ring** the house <script>x</script>"}).status_code == 302
    client.force_login(team.observer.user)
    page = client.get(address).content.decode()
    assert "<strong>Ring</strong>" in page and "<script>x" not in page
    assert client.post(address, {"text": "Nobody."}).status_code == 403
    with pytest.raises(Denied):
        write_support(by=team.ana, text="Nobody.")
    write_support(by=team.coordinator, text="**Ring** the house <script>x</script>")
    assert VoiceSetting.objects.count() == 1


def test_the_promise_is_a_coordinators_and_keeps_the_words_of_support(client, team):
    write_support(by=team.working_group, text="Ring.")
    promise(by=team.coordinator, days=7)
    assert (queries.answer_days(team.project), queries.setting_of(team.project).support) == (7, "Ring.")
    for days in (0, 366):
        with pytest.raises(Refused, match="365"):
            promise(by=team.coordinator, days=days)
    with pytest.raises(Denied):
        promise(by=team.working_group, days=3)
    root = f"/api/v1/projects/{team.project.slug}/support/"
    client.force_login(team.working_group.user)
    assert client.patch(root, {"answer_days": 3}, content_type="application/json").status_code == 403
    answer = client.patch(root, {"text": "Call."}, content_type="application/json").json()
    assert answer == {"text": "Call.", "answer_days": 7, "takes_files": False}


def test_the_review_in_plain_words_for_the_working_group(client, team, reports, criterion):
    save_question(by=team.coordinator, label="Effects", text="Does it help?")
    client.force_login(team.working_group.user)
    page = client.get(reverse("voices:plain", args=[team.project.slug])).content.decode()
    assert "It sums up other studies by stated rules." in page and "As the protocol says it" in page and "Does it help?" in page
    assert reverse("voices:thread", args=[team.project.slug, "criterion", criterion.pk]) in page


def test_counts_in_plain_words_move_only_with_what_is_settled(client, team, reports):
    client.force_login(team.working_group.user)
    address = reverse("voices:plain", args=[team.project.slug])
    before = client.get(address).context["review"]
    decide(team.ana, reports[0], "exclude")
    assert client.get(address).context["review"] == before
    decide(team.ben, reports[0], "exclude")
    assert client.get(address).context["review"].titles_settled == 1


def test_a_report_says_in_plain_words_what_became_of_it_and_not_who_decided(client, team, reports, criterion):
    address = reverse("references:report", args=[team.project.slug, reports[0].pk])
    client.force_login(team.working_group.user)
    assert "The team is still judging this paper." in client.get(address).content.decode()
    decide(team.ana, reports[0], "exclude", failed=[criterion.pk], note="Zebras.")
    assert "The team is still judging this paper." in client.get(address).content.decode()
    decide(team.ben, reports[0], "exclude", failed=[criterion.pk])
    page = client.get(address).content.decode()
    assert "does not belong in the review" in page and "It sums up other studies by stated rules." in page
    assert reverse("voices:thread", args=[team.project.slug, "reason", criterion.pk]) in page
    assert "Zebras." not in page and "Ana" not in page.split("In plain words")[1].split("</section>")[0]


def test_words_of_the_glossary_are_found_once_the_longer_first():
    class Word:
        def __init__(self, term):
            self.term = term

    words = [Word("review"), Word("Systematic review"), Word("peer (paid)")]
    met: set[str] = set()
    found = [(text, word and word.term) for text, word in parts("Systematic reviews review peer (paid) work, a review.", words, met)]
    assert found == [
        ("Systematic reviews", "Systematic review"), (" ", None), ("review", "review"), (" ", None),
        ("peer (paid)", "peer (paid)"), (" work, a review.", None),
    ]  # fmt: skip
    assert parts("Another review.", words, met) == [("Another review.", None)] and parts("", words, met) == []


def test_somebody_who_left_the_group_still_reads_their_answer(team):
    say(team.working_group, "When?", kind="question")
    set_roles(by=team.coordinator, member=team.working_group, roles={"observer"})
    assert read(team.working_group) == ["When?"]


def test_verify_finds_a_mark_that_is_cached_otherwise_and_repairs_it(team):
    from screening.flow.actions import repair
    from screening.flow.checks import check_project
    from screening.voices.models import VoiceBody

    voice, other = say(team.working_group, audience="team"), say(team.working_group)
    VoiceBody.objects.filter(voice=voice).update(audience="everyone")
    VoiceBody.objects.filter(voice=other).update(audience="team")
    assert {found.what for found in check_project(team.project)} == {"audience of a voice"}
    repair(team.project)
    assert check_project(team.project) == [] and VoiceBody.objects.get(voice=voice).audience == "team"
