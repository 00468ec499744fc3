"""The page of lines elsewhere: what it counts, that looking writes nothing, what is kept, and for whom."""

import csv
import io
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from extraction.overlap.queries import inputs_of, matrix_of, overlaps_if
from extraction.overlap.rules import overlap
from extraction.studies.actions import save_list
from screening.decisions.conflicts.actions import resolve, reveal
from screening.decisions.models import Decision
from screening.decisions.queries import decisions_in_force
from screening.fulltext.actions import record_retrieval, review_of
from screening.fulltext.lines import rules
from screening.fulltext.lines.actions import keep
from screening.fulltext.lines.models import LineSnapshot
from screening.fulltext.lines.queries import seen_at
from screening.fulltext.worksheet.actions import Answered, assess
from screening.fulltext.worksheet.rules import Figures, verdict_of
from screening.projects.access import Denied
from screening.projects.actions import Refused
from screening.protocol import actions as protocol
from screening.protocol.models import ProtocolVersion
from screening.protocol.queries import criteria_of
from tests.cast import decide, import_titles
from tests.walk import same_for_all

# Title -> met, all, unclear: the worked example's line is at 50%.
TEXTS = {"Well above": (18, 20, 0), "Straddles": (9, 20, 3), "Just below": (9, 20, 0), "Far below": (2, 20, 0), "No share": None}


@pytest.fixture
def line(team):
    for label in ("Effects", "Experiences"):
        protocol.save_question(by=team.coordinator, label=label, text=f"What of {label.lower()}?")
    protocol.save_criterion(by=team.coordinator, values={"label": "Review", "text": "A review."})
    values = {"label": "Paid", "text": "Half paid.", "kind": "threshold", "threshold_percent": 50}
    made = protocol.save_criterion(by=team.coordinator, values=values)
    protocol.record_version(by=team.coordinator)
    return made


@pytest.fixture
def texts(team, line):
    review = _review(team)
    reports = dict(zip(TEXTS, import_titles(team, *TEXTS), strict=True))
    for title, report in reports.items():
        for member in (team.ana, team.ben):
            decide(member, report, "include")
        record_retrieval(by=team.ana, report_id=report.pk, status="retrieved")
        for member in (team.ana, team.ben):
            _assess(member, report, review, line, TEXTS[title])
    return reports


def _assess(member, report, review, line, given):
    said = [Answered(str(review.pk), None, "yes")]
    if given is None:
        return assess(
            by=member, report_id=report.pk, answer="exclude", decision_id=uuid4(), answered=[*said, Answered(str(line.pk), None, "no")]
        )
    met, total, unclear = given
    straddles = met * 2 < total <= (met + unclear) * 2
    said.append(Answered(str(line.pk), None, "yes" if straddles else None, Figures(met, total, unclear)))
    outcome = "include" if straddles or met * 2 >= total else "exclude"
    return assess(by=member, report_id=report.pk, answer=outcome, decision_id=uuid4(), answered=said)


@pytest.fixture
def browse(client):
    def as_member(member):
        client.force_login(member.user)
        return client

    return as_member


def at(team, name="lines", **more):
    return reverse(f"fulltext:{name}", kwargs={"slug": team.project.slug, **more})


def fates(seen):
    return {seen.titles[one.held.report]: one.fate for one in seen.outlooks}


def test_what_the_reviewers_wrote_down_decides(team, line, texts):
    seen = seen_at(team.ana, str(line.pk), Decimal(40))
    assert fates(seen) == {
        "Well above": "stays",
        "Straddles": "stays",
        "Just below": "comes",
        "Far below": "below",
        "No share": "no_share",
    }
    assert [(f"{one.line:f}", one.reports.certain, one.reports.possible) for one in seen.lines] == [
        ("40", 3, 3),
        ("50", 1, 2),
        ("60", 1, 2),
    ]
    assert seen.included == 2 and seen.unsettled == 0


def test_the_page_tells_it_and_writes_nothing(browse, team, line, texts):
    client, before = browse(team.coordinator), Decision.objects.count()
    page = client.get(f"{at(team)}?line=40").content.decode()
    assert "1 report would come in" in page and "Of 1 excluded report it is not knowable" in page
    assert "Excluded; not knowable: no share recorded" in page and 'type="range"' in page
    assert (Decision.objects.count(), LineSnapshot.objects.count(), ProtocolVersion.objects.count()) == (before, 0, 1)
    assert "42.5%" in client.get(f"{at(team)}?line=40&exact=42,5").content.decode()
    only = client.get(f"{at(team)}?line=40&show=below").content.decode()
    assert "Far below" in only and "Just below</a>" not in only


@pytest.mark.parametrize("asked", ["0", "101", "half", "NaN", "%00"])
def test_an_impossible_line_is_said_and_the_protocols_own_is_shown(browse, team, line, texts, asked):
    response = browse(team.ana).get(f"{at(team)}?line={asked}")
    page = response.content.decode()
    assert response.status_code == 422 and "from 1 to 100" in page and "At <b>50%</b>" in page


def test_another_threshold_is_not_there(browse, team, line, texts):
    assert browse(team.ana).get(f"{at(team)}?criterion={uuid4()}").status_code == 404
    assert seen_at(team.ana, str(uuid4())) is None


def test_without_a_threshold(browse, team):
    assert "The protocol has no threshold" in browse(team.ana).get(at(team)).content.decode()
    assert browse(team.ana).get(at(team, "lines-csv")).status_code == 404


def test_only_those_who_may_see_decisions(browse, team, line, texts):
    for member in (team.working_group, team.observer):
        assert browse(member).get(at(team)).status_code == 403
    with pytest.raises(Denied):
        keep(by=team.adjudicator, criterion=str(line.pk), line=Decimal(40), name="Mine")


def test_what_is_not_settled_tells_nothing(browse, team, line, texts):
    """One of two has assessed it, with a share: no figure, fate or title of it, only that one more is not settled."""
    (report,) = import_titles(team, "Half assessed")
    for member in (team.ana, team.ben):
        decide(member, report, "include")
    record_retrieval(by=team.ana, report_id=report.pk, status="retrieved")
    before = browse(team.coordinator).get(f"{at(team)}?line=40&show=comes").content
    said = [Answered(str(line.pk), None, None, Figures(9, 20, 0))]
    assess(by=team.ana, report_id=report.pk, answer="exclude", decision_id=uuid4(), answered=said)
    after = browse(team.coordinator).get(f"{at(team)}?line=40&show=comes").content.decode()
    assert "1 full text is not settled yet" in after and "Half assessed" not in after
    assert fates(seen_at(team.ana, str(line.pk), Decimal(40))).get("Half assessed") is None
    assert same_for_all(before) == same_for_all(after.encode())


def test_those_who_were_overruled_do_not_count(team, line, texts):
    (report,) = import_titles(team, "In conflict")
    for member in (team.ana, team.ben):
        decide(member, report, "include")
    record_retrieval(by=team.ana, report_id=report.pk, status="retrieved")
    for member, met in ((team.ana, 18), (team.ben, 2)):
        said = [Answered(str(line.pk), None, None, Figures(met, 20, 0)), Answered(str(_review(team).pk), None, "yes")]
        assess(by=member, report_id=report.pk, answer="include" if met > 9 else "exclude", decision_id=uuid4(), answered=said)
    reveal(by=team.adjudicator, report_id=report.pk, stage="full_text")
    on = [decision.id for decision in decisions_in_force(team.adjudicator, report.pk, "full_text")]
    ruling = {"outcome": "include", "why": "Counted anew.", "on": on, "resolution_id": uuid4()}
    resolve(by=team.adjudicator, report_id=report.pk, stage="full_text", **ruling)
    seen = seen_at(team.ana, str(line.pk), Decimal(60))
    assert fates(seen)["In conflict"] == "stays"


def _review(team):
    return criteria_of(team.project).get(label="Review")


def test_the_overlap_is_told_once_lists_exist(browse, team, line, texts):
    assert "once citation lists exist" in browse(team.ana).get(at(team)).content.decode()
    for title in ("Well above", "Straddles"):
        review = review_of(by=team.ana, report=texts[title])
        text = "author,year,title,doi\nHazel J,2009,A made-up trial,10.5555/a.1\nRowan P,2011,Another,10.5555/a.2\n"
        save_list(by=team.ana, review=review, text=text if title == "Straddles" else text.rsplit("Rowan", 1)[0])
    seen = seen_at(team.ana, str(line.pk), Decimal(50))
    here = seen.asked
    assert seen.overlap_of(here.certain_reviews).cca is None and seen.overlap_of(here.certain_reviews).listed == 1
    both = seen.overlap_of(here.possible_reviews)
    assert (both.listed, both.reviews, both.studies, both.citations, both.cca) == (2, 2, 2, 3, pytest.approx(0.5))
    page = browse(team.ana).get(at(team)).content.decode()
    assert "not defined – 50.0% (2 of 2 reviews with a list)" in page


def test_a_snapshot_stays_as_it_was(browse, team, line, texts):
    client = browse(team.coordinator)
    sent = {"criterion": str(line.pk), "line": "40", "name": "At 40%", "why": "A sensitivity analysis."}
    response = client.post(at(team, "keep-line"), sent)
    kept = LineSnapshot.objects.get()
    assert response.url == at(team, "line-snapshot", pk=kept.pk)
    before = client.get(at(team, "line-snapshot-csv", pk=kept.pk)).content
    protocol.save_criterion(by=team.coordinator, values={"threshold_percent": 30}, criterion=line)
    protocol.record_version(by=team.coordinator, amendment="Lowered.")
    assert client.get(at(team, "line-snapshot-csv", pk=kept.pk)).content == before
    rows = list(csv.reader(io.StringIO(before.decode("utf-8-sig"))))
    assert ["Would come in", "1", "0", "0"] in rows
    assert [row[3] for row in rows if len(row) > 3 and row[1] == "Just below"] == ["Would come in"]
    page = client.get(at(team, "line-snapshot", pk=kept.pk)).content.decode()
    assert "under version 1 of the protocol" in page and "A sensitivity analysis." in page


def test_a_snapshot_needs_a_name_and_a_line(browse, team, line, texts):
    client = browse(team.coordinator)
    for other in ({"name": ""}, {"line": "0"}, {"criterion": "x"}, {"criterion": str(uuid4())}):
        client.post(at(team, "keep-line"), {"criterion": str(line.pk), "line": "40", "name": "At 40%", **other})
    assert not LineSnapshot.objects.exists()
    with pytest.raises(Refused, match="no threshold"):
        keep(by=team.coordinator, criterion=str(uuid4()), line=Decimal(40), name="Mine")


def test_the_api(client, team, line, texts):
    client.force_login(team.ana.user)
    root = f"/api/v1/projects/{team.project.slug}/what-if/"
    told = client.get(f"{root}?line=40").json()
    assert told["lines"][0]["fates"]["comes"] == 1 and len(told["results"]) == 5 and told["next"] is None
    assert client.get(f"{root}?line=101").status_code == 400
    made = client.post(f"{root}kept/", {"criterion": str(line.pk), "line": "40", "name": "At 40%"}, content_type="application/json")
    assert made.status_code == 201 and made.json()["body"]["line"] == "40"
    assert [one["name"] for one in client.get(f"{root}kept/").json()] == ["At 40%"]
    assert client.get(f"{root}kept/{made.json()['id']}/").json()["version"] == 1


def test_more_full_texts_ask_no_more(browse, team, line, texts):
    client = browse(team.coordinator)
    client.get(at(team))
    with CaptureQueriesContext(connection) as few:
        client.get(at(team))
    (report,) = import_titles(team, "One more")
    for member in (team.ana, team.ben):
        decide(member, report, "include")
    record_retrieval(by=team.ana, report_id=report.pk, status="retrieved")
    for member in (team.ana, team.ben):
        _assess(member, report, _review(team), line, (19, 20, 0))
    with CaptureQueriesContext(connection) as more:
        client.get(at(team))
    assert len(more) <= len(few)


def test_the_overlap_of_a_set_is_that_of_its_matrix(team, line, texts):
    """It is reckoned without pairs and years, by the same formula."""
    reviews = [review_of(by=team.ana, report=texts[title]) for title in ("Well above", "Straddles")]
    cited = ["Rowan J,2001,One trial of many,10.5555/a.1", "Hazel P,2002,Another of peers,10.5555/a.2", "Yew C,2003,A third,10.5555/a.3"]
    for review, n in zip(reviews, (3, 2), strict=True):
        save_list(by=team.ana, review=review, text="\n".join(["author,year,title,doi", *cited[:n]]))
    whole = inputs_of(team.project)
    both = overlap(matrix_of(whole, {})[0])
    ids = [review.pk for review in reviews]
    of_both, of_one, of_none = overlaps_if(team.project, [frozenset(ids), frozenset(ids[:1]), frozenset([uuid4()])])
    assert (of_both.cca, of_both.studies, of_both.citations) == (both.cca, both.studies, both.inclusions) and both.inclusions == 5
    assert (of_one.listed, of_one.cca) == (1, None) and (of_none.reviews, of_none.listed, of_none.cca) == (1, 0, None)


def test_what_it_asks_does_not_grow_with_the_texts(browse, team, line, texts):
    client = browse(team.ana)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(at(team)).status_code == 200
    review = next(one for one in criteria_of(team.project) if one.label == "Review")
    for report in import_titles(team, *(f"One more text number {n}" for n in range(3))):
        for member in (team.ana, team.ben):
            decide(member, report, "include")
        record_retrieval(by=team.ana, report_id=report.pk, status="retrieved")
        for member in (team.ana, team.ben):
            _assess(member, report, review, line, (9, 20, 0))
    with CaptureQueriesContext(connection) as again:
        assert client.get(at(team)).status_code == 200
    assert len(again) <= len(asked)


def test_texts_that_were_answered_alike_are_put_to_the_rules_once(team, line, texts, monkeypatch):
    asked = []
    monkeypatch.setattr(rules, "verdict_of", lambda *given: asked.append(given) or verdict_of(*given))
    seen = seen_at(team.ana, str(line.pk), Decimal(45))
    assert len(seen.lines) == 4 and fates(seen)["Just below"] == "comes"
    assert len(asked) <= 3, "with the line reached and not, however many lines and texts"
