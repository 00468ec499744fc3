"""Hostile files through the whole import: they come in, are found, and no cache of the project is wrong afterwards."""

import io
import random
import string
import time

import pytest
from django.http import QueryDict
from django.urls import reverse

from screening.flow.checks import check_project
from screening.projects import jobs
from screening.projects.models import Job
from screening.references import actions, batches
from screening.references.models import Import, ImportEvent, Placement, Record, Report
from screening.references.queries import records_identified
from screening.references.queries.finding import Asked
from screening.references.views.reports import list_context
from tests.cast import add_source, import_file, ris

pytestmark = pytest.mark.django_db


def noise(n, letters=string.ascii_lowercase, seed=1):
    """Letters that no compression makes smaller."""
    return "".join(random.Random(seed).choices(letters, k=n))


def titles(member, words):
    asked = QueryDict(mutable=True)
    asked["q"] = words
    return [row["report"].title for row in list_context(member, Asked.of(asked))["rows"]]


def test_every_field_may_be_enormous(client, team):
    big = noise(9_000)
    entry = (
        f"TY  - {big}\nTI  - {big}\nAU  - {big}, {big}\nPY  - 2020\nDO  - 10.1234/{big}\nAN  - {big}\nJF  - {big}\nVL  - {big}\n"
        f"IS  - {big}\nSP  - {big}\nKW  - {big}\nLA  - {big}\nUR  - https://example.org/{big}\nSN  - {big}\nER  - \n"
    )
    import_file(team, add_source(team), entry.encode() * 2)
    (report,) = Report.objects.all()
    assert report.title == big and len(report.doi_key) <= 400
    assert titles(team.coordinator, big[:70] + "*") == [big]
    client.force_login(team.coordinator.user)
    assert client.get(reverse("references:report", args=[team.project.slug, report.pk])).status_code == 200
    assert check_project(team.project) == []


@pytest.mark.parametrize(
    ("abstract", "begins"),
    [
        ("Wards with peers " + "words and more words " * 500_000, "wards peers"),
        ("Wards with peers " + " ".join(noise(79, seed=n) + "x" for n in range(16_000)), "wards peers"),
        ("Палаты " + " ".join(noise(79, "абвгдежзиклмно", n) for n in range(16_000)), "палаты"),
        ("\ufdfa " * 300_000 + "peers", "\ufdfa"),
    ],
    ids=["ten megabytes", "long words", "long words of two bytes", "letters that decompose"],
)
def test_an_abstract_of_megabytes_comes_in_and_is_found_by_its_beginning(team, abstract, begins):
    """PostgreSQL's index of one text ends at one megabyte; what lies beyond is kept and shown, but not searched."""
    entry = f"TY  - JOUR\nTI  - One enormous abstract\nAU  - Alder, A.\nPY  - 2020\nAB  - {abstract}\nER  - \n".encode()
    start = time.process_time()
    import_file(team, add_source(team), entry + ris("Peer support in crisis teams"))
    assert titles(team.coordinator, begins) == ["One enormous abstract"]
    assert time.process_time() - start < 10
    assert Report.objects.get(title="One enormous abstract").abstract == abstract.strip()
    assert check_project(team.project) == []


def test_a_reading_that_fails_midway_counts_nothing_and_a_second_try_counts_each_record_once(team, settings, monkeypatch):
    """By tags with one space the records are not counted beforehand: four are kept before the fifth is one too many."""
    monkeypatch.setattr(batches, "BATCH", 2)
    settings.RECORDS_LIMIT = 4
    source = add_source(team)
    studies = [f"TY - JOUR\nTI  - Umbrella study number {n}\nAU  - Birch, B.\nPY  - 2020\nDO  - 10.1234/one.{n}\n\n" for n in range(6)]
    content = "".join(studies).encode()
    run, _ = actions.upload(by=team.coordinator, source=source, name="a.ris", content=io.BytesIO(content), size=len(content))
    jobs.run(str(Job.objects.get().pk))
    assert run.events.get().kind == ImportEvent.Kind.FAILED
    assert Record.objects.filter(import_run=run).count() == 4 and not Placement.objects.exists() and not Report.objects.exists()

    # Another file meanwhile matches nothing of what was left behind.
    other = import_file(team, add_source(team, "Embase"), studies[1].encode())
    assert other.events.get().tally["new_reports"] == 1

    settings.RECORDS_LIMIT = 500_000
    again = import_file(team, source, content, "a.ris")
    assert again.readmits == run and Import.objects.count() == 3
    tally = again.events.get().tally
    assert (tally["read"], tally["new_reports"], tally["already_here"]) == (6, 5, 1)
    assert records_identified(team.project) == 7 and Report.objects.count() == 6
    assert not Placement.objects.filter(record__import_run=run).exists()
    assert check_project(team.project) == []


@pytest.mark.parametrize(
    ("title", "author", "asked"),
    [
        ("تأثير دعم الأقران في الأجنحة", "أحمد, محمد", "الأقران"),
        ("תמיכת עמיתים במחלקות", "כהן, דוד", "עמיתים"),
        ("اثر حمایت همتا در بخش", "رضایی, علی", "حمایت"),
    ],
    ids=["arabic", "hebrew", "persian"],
)
def test_titles_and_names_written_from_right_to_left(client, team, title, author, asked):
    """The same paper from two sources, one of them with marks of direction around the name, is one report."""
    said = f"TY  - JOUR\nTI  - {title}\nAU  - {author}\nPY  - 2019\nJF  - Peers\nVL  - 3\nSP  - 7\nEP  - 12\nER  - \n"
    import_file(team, add_source(team), said.encode())
    import_file(team, add_source(team, "Embase"), said.replace(author, f"\u200f{author}\u200e").encode())
    (report,) = Report.objects.all()
    assert (report.title, [name.strip("\u200e\u200f") for name in report.authors]) == (title, [author])
    assert titles(team.coordinator, asked) == [title] == titles(team.coordinator, author.split(",")[0])
    client.force_login(team.coordinator.user)
    for name, about in (("references:reports", []), ("references:report", [report.pk])):
        assert title in client.get(reverse(name, args=[team.project.slug, *about])).content.decode()
    assert check_project(team.project) == []
