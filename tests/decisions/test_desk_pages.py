"""The desk, my decisions and the conflicts as pages, without scripts."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from screening.decisions import actions
from screening.decisions.desk.views import MOST_SKIPPED
from screening.decisions.models import Decision, ReportStage, Resolution, Revelation
from screening.decisions.queries import next_for
from screening.projects.contributions import history_of, strip_of, waiting_for
from screening.protocol.actions import record_version, save_criterion
from screening.references.actions import join_reports, remove_reports
from screening.references.models import Report
from tests.cast import decide

STAGE = "title_abstract"


def page(team, name, *args):
    return reverse(f"decisions:{name}", args=[team.project.slug, *args])


@pytest.fixture
def criteria(team):
    for label, kind in (("Not a review", "judged"), ("Country", "descriptor"), ("Under half paid", "judged")):
        save_criterion(by=team.coordinator, values={"label": label, "text": f"{label}, in full", "kind": kind})
    return record_version(by=team.coordinator).body["criteria"]


def sent(report, answer="include", **more):
    return {"id": str(uuid4()), "report": str(report.pk), "answer": answer, **more}


def on_the_desk(response) -> Report:
    return Report.objects.get(pk=re.search(r'name="report" value="([0-9a-f-]{36})"', response.content.decode())[1])


def test_the_desk_shows_one_title_with_the_criteria_that_can_exclude(client, team, reports, criteria):
    client.force_login(team.ana.user)
    html = client.get(page(team, "desk")).content.decode()
    assert sum(f'<h1 tabindex="-1" data-title>{report.title}</h1>' in html for report in reports) == 1
    assert "Not a review, in full" in html
    assert "Country, in full" not in html
    assert "You work blind." in html
    assert "<script>" not in html and " style=" not in html and " onclick=" not in html


def test_a_criterion_s_plain_words_and_examples_are_at_hand_on_the_desk(client, team, reports, criteria):
    client.force_login(team.ana.user)
    assert 'class="in-short"' not in client.get(page(team, "desk")).content.decode(), "nothing to open where nothing was written"
    values = {
        "label": "Not in English",
        "text": "The report is in English.",
        "plain_words": "We cannot read others.",
        "example_no": "<Une revue>",
    }
    save_criterion(by=team.coordinator, values=values)
    record_version(by=team.coordinator, amendment="Languages, in plain words.")
    for view in ("focus", "list"):
        client.post(page(team, "liked"), {"view": view})
        html = client.get(page(team, "desk")).content.decode()
        assert html.count('<details class="in-short">') == 2, "beside the titles, and with the criteria in full on a narrow screen"
        assert html.count("<p>We cannot read others.</p>") == html.count("<dd>&lt;Une revue&gt;</dd>") == 2
        assert html.count('In plain words<span class="sr">: Not in English</span>') == 2


def test_deciding_without_scripts_goes_on_to_the_next_title(client, team, reports, criteria):
    client.force_login(team.ana.user)
    first = on_the_desk(client.get(page(team, "desk")))
    answer = client.post(page(team, "decide"), sent(first, "exclude", note="Trial.", failed=[criteria[2]["id"]]), follow=True)
    assert on_the_desk(answer) != first
    assert f"Excluded: “{first.title}”" in answer.content.decode()
    decision = Decision.objects.get()
    assert (decision.answer, decision.note, [str(c) for c in decision.failed]) == ("exclude", "Trial.", [criteria[2]["id"]])


def test_a_form_sent_twice_is_one_decision(client, team, reports):
    client.force_login(team.ana.user)
    body = sent(reports[0])
    for _ in range(2):
        client.post(page(team, "decide"), body)
    assert Decision.objects.count() == 1


def test_a_refusal_comes_back_in_words_with_the_title_still_there(client, team, reports, criteria):
    client.force_login(team.ana.user)
    answer = client.post(page(team, "decide"), sent(reports[1], "include", failed=[criteria[0]["id"]]))
    assert answer.status_code == 422
    assert on_the_desk(answer) == reports[1]
    assert "cannot have a criterion marked as not met" in answer.content.decode()
    assert client.post(page(team, "decide"), sent(reports[1], "")).status_code == 422


def test_skipping_puts_a_title_off_and_it_comes_back_at_the_end(client, team, reports):
    client.force_login(team.ana.user)
    order = [str(pk) for pk in next_for(team.ana, STAGE)]
    assert str(on_the_desk(client.get(page(team, "desk"), {"skip": order[0]})).pk) == order[1]
    assert str(on_the_desk(client.get(page(team, "desk"), {"skip": order})).pk) == order[0]


def test_a_criterion_names_the_answer_it_waits_for(client, team, reports):
    counted = save_criterion(by=team.coordinator, values={"label": "Counts something", "text": "Is it quantitative?", "kind": "descriptor"})
    save_criterion(
        by=team.coordinator,
        values={"label": "No appraisal", "text": "Appraised.", "kind": "judged", "condition_on": counted, "condition_answer": "yes"},
    )
    client.force_login(team.ana.user)
    assert "Only when “Counts something” is answered yes" in client.get(page(team, "desk")).content.decode()


def test_the_address_stays_short_however_often_somebody_skips(client, team, reports):
    client.force_login(team.ana.user)
    order = [str(pk) for pk in next_for(team.ana, STAGE)]
    again = client.get(page(team, "desk"), {"skip": order}).context["skip_again"]
    assert again == [order[0]]
    made_up = [str(uuid4()) for _ in range(200)]
    assert len(client.get(page(team, "desk"), {"skip": made_up}).context["skip_again"]) == MOST_SKIPPED


def test_undo_takes_the_last_one_back_and_opens_it(client, team, reports):
    client.force_login(team.ana.user)
    made = decide(team.ana, reports[0], "exclude")
    answer = client.post(page(team, "undo"), {"id": str(uuid4()), "undo": str(made.pk)}, follow=True)
    assert on_the_desk(answer) == reports[0]
    assert [d.answer for d in Decision.objects.order_by("seq")] == ["exclude", None]
    other = decide(team.ben, reports[1], "exclude")
    assert client.post(page(team, "undo"), {"id": str(uuid4()), "undo": str(other.pk)}).status_code == 404


def test_the_end_and_the_empty_desk_say_so(client, team, reports):
    client.force_login(team.ana.user)
    for report in reports:
        decide(team.ana, report, "include")
    assert "That was the last one. Thank you." in client.get(page(team, "desk")).content.decode()


def test_a_desk_without_reports_says_where_they_come_from(client, team):
    client.force_login(team.ana.user)
    assert "No titles are here yet." in client.get(page(team, "desk")).content.decode()


def test_others_read_why_they_do_not_screen_and_only_settled_counts(client, team, reports):
    decide(team.ana, reports[0], "include")
    for member in (team.coordinator, team.working_group, team.observer, team.adjudicator):
        client.force_login(member.user)
        html = client.get(page(team, "desk")).content.decode()
        assert "Only a reviewer can screen titles and abstracts" in html
        assert "0 of 4" in html
        assert reports[0].title not in html


def test_my_decisions_are_mine_alone_and_lead_back_to_the_desk(client, team, reports):
    decide(team.ana, reports[0], "maybe", note="Look again.")
    decide(team.ben, reports[1], "exclude", note="secret")
    client.force_login(team.ana.user)
    html = client.get(page(team, "mine")).content.decode()
    assert "Look again." in html and f"?report={reports[0].pk}" in html
    assert reports[1].title not in html and "secret" not in html
    again = client.get(page(team, "desk"), {"report": str(reports[0].pk)})
    assert on_the_desk(again) == reports[0]
    assert "You decided <b>maybe</b>" in again.content.decode()


def test_my_decisions_say_the_version_of_the_protocol_they_were_made_under(client, team, reports, criteria):
    decide(team.ana, reports[0], "include")
    client.force_login(team.ana.user)
    assert "under version 1 of the protocol" in client.get(page(team, "mine")).content.decode()
    save_criterion(by=team.coordinator, values={"label": "Not in English", "text": "Written in English.", "kind": "judged"})
    record_version(by=team.coordinator, amendment="The language was missing.")
    decide(team.ana, reports[1], "include")
    html = client.get(page(team, "mine")).content.decode()
    assert [html.count(f"under version {n} of the protocol") for n in (1, 2)] == [1, 1]


def test_my_decisions_say_open_alike_for_half_decided_and_conflict(client, team, reports):
    decide(team.ana, reports[0], "include")
    client.force_login(team.ana.user)
    alone = client.get(page(team, "mine")).content.decode()
    decide(team.ben, reports[0], "exclude")
    in_conflict = client.get(page(team, "mine")).content.decode()
    body = re.compile(r'<ol class="rows mine">.*?</ol>', re.DOTALL)
    assert body.search(alone)[0] == body.search(in_conflict)[0]


def test_the_desk_opens_on_nothing_that_is_settled_by_others_or_not_here(client, team, reports):
    for member in (team.ana, team.ben):
        decide(member, reports[0], "exclude")
    from screening.projects.actions import set_roles

    set_roles(by=team.coordinator, member=team.observer, roles={"reviewer"})
    client.force_login(team.observer.user)
    answer = client.get(page(team, "desk"), {"report": str(reports[0].pk)}, follow=True)
    assert "That title is settled" in answer.content.decode()
    assert client.get(page(team, "desk"), {"report": str(uuid4())}).status_code == 404


def test_a_title_that_was_joined_to_another_or_removed_is_told_of_and_no_dead_end(client, team, reports):
    removed, joined, kept = reports[:3]
    made = decide(team.ana, joined, "include")
    remove_reports(by=team.coordinator, report_ids=[removed.pk], kind="other", reason="Not in English.")
    join_reports(by=team.coordinator, keep=kept, other=joined, reason="One document.")
    client.force_login(team.ana.user)
    for gone in (removed, joined):
        opened = client.get(page(team, "desk"), {"report": str(gone.pk)}, follow=True)
        assert opened.status_code == 200 and "That title is not on the desk any more." in opened.content.decode()
    answer = client.post(page(team, "decide"), sent(removed, note="It pays them."), follow=True)
    assert answer.status_code == 200 and "This report is not at this stage any more." in answer.content.decode()
    assert "You had written: “It pays them.”" in answer.content.decode()
    assert on_the_desk(answer) not in (removed, joined)
    assert Decision.objects.get() == made
    ReportStage.objects.filter(report=kept).update(suspended=True)
    assert "Not at this stage any more" in (mine := client.get(page(team, "mine")).content.decode())
    assert f"?report={kept.pk}" not in mine, "nothing to change there"


def conflict_on(team, report, **more):
    return [decide(team.ana, report, "include", note="It pays them."), decide(team.ben, report, "exclude", note="Volunteers.", **more)]


def test_looking_at_a_conflict_writes_nothing_and_shows_nothing_until_asked(client, team, reports):
    conflict_on(team, reports[0])
    client.force_login(team.adjudicator.user)
    assert reports[0].title in client.get(page(team, "conflicts")).content.decode()
    html = client.get(page(team, "conflict", STAGE, reports[0].pk)).content.decode()
    assert "Volunteers." not in html and "recorded" in html
    assert not Revelation.objects.exists()
    shown = client.post(page(team, "reveal", STAGE, reports[0].pk), follow=True).content.decode()
    assert "Volunteers." in shown and "It pays them." in shown
    assert Revelation.objects.get().member == team.adjudicator
    assert len(choices := re.findall(r'<input type="radio" name="outcome"[^>]*>', shown)) == 2
    assert not any("checked" in choice for choice in choices)


def test_the_criterion_on_which_they_differ_stands_first(client, team, reports, criteria):
    conflict_on(team, reports[0], failed=[criteria[2]["id"]])
    actions.reveal(by=team.adjudicator, report_id=reports[0].pk, stage=STAGE)
    client.force_login(team.adjudicator.user)
    html = client.get(page(team, "conflict", STAGE, reports[0].pk)).content.decode()
    assert "They differ on “Under half paid”." in html
    assert "They differ on “Not a review”." not in html


def ruling(on, **more):
    return {"id": str(uuid4()), "outcome": "exclude", "why": "A trial.", "on": [str(d.pk) for d in on], **more}


def test_settling_needs_an_outcome_and_a_reason(client, team, reports):
    on = conflict_on(team, reports[0])
    actions.reveal(by=team.adjudicator, report_id=reports[0].pk, stage=STAGE)
    client.force_login(team.adjudicator.user)
    address = page(team, "settle", STAGE, reports[0].pk)
    assert client.post(address, ruling(on, outcome="")).status_code == 422
    assert "the reason is part of the record" in client.post(address, ruling(on, why=" ")).content.decode()
    body = ruling(on)
    for _ in range(2):
        client.post(address, body)
    assert Resolution.objects.get().why == "A trial."
    assert ReportStage.objects.get(report=reports[0], stage=STAGE).status == "exclude"


def test_a_clash_is_said_in_words_and_both_decisions_shown_again(client, team, reports):
    on = conflict_on(team, reports[0])
    actions.reveal(by=team.adjudicator, report_id=reports[0].pk, stage=STAGE)
    decide(team.ben, reports[0], "exclude", note="I read it again.")
    client.force_login(team.adjudicator.user)
    answer = client.post(page(team, "settle", STAGE, reports[0].pk), ruling(on, why="Kept words."))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "changed their mind" in html and "I read it again." in html and "Kept words." in html
    assert not Resolution.objects.exists()


def test_nobody_rules_on_what_they_decided_themselves(client, team, reports):
    from screening.projects.actions import set_roles

    set_roles(by=team.coordinator, member=team.ana, roles={"reviewer", "adjudicator"})
    team.ana.refresh_from_db()
    conflict_on(team, reports[0])
    client.force_login(team.ana.user)
    assert reports[0].title not in client.get(page(team, "conflicts")).content.decode()
    html = client.post(page(team, "reveal", STAGE, reports[0].pk), follow=True).content.decode()
    assert "Volunteers." not in html and "cannot rule on it alone" in html
    assert not Revelation.objects.exists()


def test_a_change_of_mind_is_read_and_reopened(client, team, reports):
    for member in (team.ana, team.ben):
        decide(member, reports[0], "exclude")
    decide(team.ana, reports[0], "include", note="It has a review inside.")
    client.force_login(team.adjudicator.user)
    address = page(team, "reopen", STAGE, reports[0].pk)
    assert address in client.get(page(team, "conflicts")).content.decode()
    assert "It has a review inside." in client.get(address).content.decode()
    asking = Decision.objects.get(member=team.ana, answer="include").pk
    answered = {"id": str(uuid4()), "on": [str(asking)], "answer": "reopen"}
    assert client.post(address, {**answered, "why": ""}).status_code == 422
    client.post(address, {**answered, "why": "A fair point."})
    assert ReportStage.objects.get(report=reports[0], stage=STAGE).status == "conflict"


def test_the_strip_counts_open_reports_alike_for_everybody(team, reports):
    conflict_on(team, reports[0])
    for member in team.members.values():
        [titles] = [figure for figure in strip_of(member) if figure.key == "titles"]
        assert (titles.figure, titles.unit) == (4, "open")


def test_what_waits_is_mine_and_conflicts_wait_for_adjudicators_alone(team, reports):
    conflict_on(team, reports[0])
    decide(team.ana, reports[1], "include")

    def labels(member):
        return {(item.count, item.label) for item in waiting_for(member) if item.order in (30, 35, 36)}

    assert labels(team.ana) == {(2, "titles to screen")}
    assert labels(team.ben) == {(3, "titles to screen")}
    assert labels(team.adjudicator) == {(1, "conflict to settle")}
    assert labels(team.coordinator) == labels(team.observer) == set()


def test_history_tells_each_role_what_is_theirs_to_know(team, reports):
    on = conflict_on(team, reports[0])
    assert [line.what for line in history_of("report", team.ana, reports[0]) if "decided" in line.what] == [
        "decided include at titles and abstracts, under protocol version 1"
    ]
    assert not [line for line in history_of("report", team.working_group, reports[0]) if "decided" in line.what]
    actions.resolve(
        by=team.adjudicator,
        report_id=reports[0].pk,
        stage=STAGE,
        outcome="include",
        why="They are paid.",
        on=[d.pk for d in on],
        resolution_id=uuid4(),
    )
    told = {
        name: [(line.who, line.what, line.detail) for line in history_of("report", member, reports[0])]
        for name, member in team.members.items()
    }
    assert ("Adjudicator", "ruled include at titles and abstracts", "They are paid.") in told["ben"]
    assert ("An adjudicator", "ruled include at titles and abstracts", "They are paid.") in told["working_group"]
    assert "Volunteers." in str(told["ana"]) and "Volunteers." not in str(told["working_group"])


def test_words_said_from_the_desk_are_about_the_title_on_it_and_wait(client, team, reports, criteria):
    client.force_login(team.ana.user)
    response = client.get(page(team, "desk"))
    report, html = on_the_desk(response), response.content.decode()
    address = re.search(r'<a href="([^"]+)" data-speak="([^"]+)">Say something about this title</a>', html)
    assert address[1] == f"{address[2]}{report.pk}/" and "Colleagues read it once the title is settled." in html
    thread = client.get(address[1], follow=True)
    assert report.title in thread.content.decode() and "colleagues see your words once it is settled" in thread.content.decode()
    client.post(thread.redirect_chain[-1][0], {"id": str(uuid4()), "words": "Is this about peers?", "kind": "question"})
    seen = thread.redirect_chain[-1][0]
    client.force_login(team.ben.user)
    assert "Is this about peers?" not in client.get(seen).content.decode()
    for member in (team.ana, team.ben):
        decide(member, report, "include")
    assert "Is this about peers?" in client.get(seen).content.decode()


def test_with_no_title_on_the_desk_one_speaks_of_the_review(client, team, criteria):
    client.force_login(team.ana.user)
    html = client.get(page(team, "desk")).content.decode()
    assert "data-speak" not in html and "about this title" not in html and ">Say something<" in html
