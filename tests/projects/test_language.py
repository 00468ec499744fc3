"""English goes through gettext: a catalogue changes the pages, and every template can be read with it."""

import re
import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as given
from django.template import engines
from django.utils import translation

from screening.projects import contributions, jobs
from screening.projects.access import ACTIONS, WHAT, may, reason_against, shown_as_in, zone_of
from screening.projects.models import Job, Membership
from screening.projects.queries import shown_name


def catalogue(path: Path, words: dict[str, str]) -> None:
    """A compiled catalogue, as msgfmt writes it: sorted words, then where each stands."""
    words = {"": "Content-Type: text/plain; charset=UTF-8\n", **words}
    ids = sorted(words)
    data, tables = b"", [[], []]
    start = 28 + 16 * len(ids)
    for table, texts in zip(tables, (ids, [words[one] for one in ids]), strict=True):
        for text in texts:
            table.append((len(text.encode()), start + len(data)))
            data += text.encode() + b"\0"
    places = b"".join(struct.pack("II", *place) for table in tables for place in table)
    path.parent.mkdir(parents=True)
    path.write_bytes(struct.pack("7I", 0x950412DE, 0, len(ids), 28, 28 + 8 * len(ids), 0, 0) + places + data)


@pytest.fixture
def german(settings, tmp_path):
    words = {
        "A member of the working group": "Ein Mitglied der Arbeitsgruppe",
        "make exports": "Ausgaben machen",
        "a coordinator": "Koordinierende",
        "Reviewer": "Begutachtende",
        "%(others)s or %(last)s": "%(others)s oder %(last)s",
        "Something went wrong on the server. Nothing half-done was kept; the details are in the server's log.": "Etwas ging schief.",
        "Counted.": "Gezählt.",
        "Only %(roles)s can %(what)s in this project. A coordinator can change roles on the Team page.": "Nur %(roles)s können %(what)s.",
    }
    catalogue(tmp_path / "de" / "LC_MESSAGES" / "django.mo", words)
    settings.LOCALE_PATHS, settings.LANGUAGES = [tmp_path], [("en-gb", "English"), ("de", "Deutsch")]


def test_a_catalogue_changes_what_is_shown(german):
    member = Membership(named_as="member", shown_name="A member of the working group")
    assert shown_name(member) == "A member of the working group"
    with translation.override("de"):
        assert shown_name(member) == "Ein Mitglied der Arbeitsgruppe"


def test_a_project_can_speak_a_language_whatever_the_browser_asks(german, team):
    member = Membership(named_as="member")
    team.project.language = "de"
    with shown_as_in(team.project):
        assert shown_name(member) == "Ein Mitglied der Arbeitsgruppe"
    assert shown_name(member) == "A member of the working group"


def test_a_refusal_says_who_may_and_in_the_language_that_is_read(german):
    nobody = Membership(roles=[])
    english = (
        "Only a coordinator, reviewer or adjudicator can make exports in this project. A coordinator can change roles on the Team page."
    )
    assert reason_against(nobody, "exports.make") == english
    with translation.override("de"):
        assert reason_against(nobody, "exports.make") == "Nur Koordinierende, begutachtende oder adjudicator können Ausgaben machen."


def test_every_refusal_names_roles_and_what_they_may():
    nobody = Membership(roles=[])
    for action in ACTIONS:
        reason = reason_against(nobody, action)
        article, role = re.match(r"Only (an?) ([a-z-]+(?: member)?)(?:, [a-z -]+)*(?: or [a-z -]+)? can [a-z]", reason).groups()
        assert article == ("an" if role[0] in "aeiou" else "a"), reason
        assert not may(nobody, action) and (action in WHAT or "can do this in" in reason)
    assert reason_against(nobody, "nothing.known") == "This is not something anyone may do." and not may(nobody, "nothing.known")


def test_long_work_is_told_in_the_language_of_its_project(german, team, monkeypatch, caplog):
    team.project.language = "de"
    team.project.save()

    def counts(handle):
        handle.step(1, 1, translation.gettext("Counted."))
        return {}

    def fails(handle):
        raise RuntimeError("as it must here")

    for n, runner in enumerate((counts, fails)):
        monkeypatch.setattr(contributions, "job_runner", lambda kind, runner=runner: runner)
        jobs.run(str(jobs.start(project=team.project, kind="sandbox", key=str(n), args={}, by=team.coordinator).pk))
    done, failed = Job.objects.order_by("created_at")
    assert (done.state, done.sentence) == ("done", "Gezählt.")
    assert (failed.state, failed.failure_sentence) == ("failed", "Etwas ging schief.")
    assert translation.gettext("Counted.") == "Counted."


def test_every_template_of_ours_can_be_read():
    engine = engines["django"]
    names = [
        str(file.relative_to(folder))
        for folder in map(Path, given.TEMPLATES[0]["DIRS"])
        for file in folder.rglob("*")
        if file.suffix in (".html", ".txt")
    ]
    assert len(names) > 100
    for name in names:
        engine.get_template(name)


def test_no_language_is_offered_without_its_catalogue():
    assert given.LANGUAGES[0][0] == "en-gb"
    for code, _ in given.LANGUAGES[1:]:
        assert list(given.LOCALE_PATHS[0].glob("*/LC_MESSAGES/django.mo")), code


def test_times_are_shown_in_the_projects_zone(team):
    moment = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    template = engines["django"].from_string('{{ at|date:"j F, H:i" }}')
    team.project.time_zone = "Europe/London"
    with shown_as_in(team.project):
        assert template.render({"at": moment}) == "1 July, 23:30"
    team.project.time_zone = "Not/A zone"
    assert str(zone_of(team.project)) == "UTC"
