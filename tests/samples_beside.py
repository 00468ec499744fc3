"""What stands beside the path of a report in the project with one of everything: voices, files, notices, versions of the protocol."""

import io
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

from screening.projects.models import Job
from screening.protocol import actions as protocol
from screening.references.models import Report
from screening.voices.involvement.actions import write as write_section
from screening.voices.meetings.actions import About, correct_meeting, record_meeting
from screening.voices.priorities import actions as priorities
from tests.cast import Team


def meeting(team: Team) -> Any:
    """A meeting that was corrected, with somebody who is named and somebody who is not."""
    about = About(held_on=date(2022, 3, 1), stage="planning", present=[team.working_group.pk, team.coordinator.pk], topics="Outcomes")
    first = record_meeting(by=team.coordinator, about=about)
    again = replace(about, topics="Which outcomes matter to whom.", notes="Tea at three.", guests=2)
    return correct_meeting(by=team.coordinator, meeting=first.meeting, about=again, seen=first.pk).meeting_id


def involvement(team: Team) -> str:
    """A section that was written before a meeting was put on record."""
    write_section(by=team.working_group, section="results", words="We changed two questions.", seen=None)
    return "results"


def rounds_of_priorities(team: Team) -> list[Any]:
    """A round that is over, with a group large enough to be shown, and one that is open."""
    hope, work = (protocol.add_outcome(by=team.coordinator, label=label) for label in ("Hope", "Days at work"))
    over = priorities.ask(by=team.coordinator, method="rating", smallest=3)
    for n, member in enumerate((team.ana, team.ben, team.working_group)):
        priorities.answer(by=member, round_=over, group="lived_experience", values={hope.pk: 9 - n, work.pk: 5})
    priorities.close(by=team.coordinator, round_=over)
    protocol.change_outcome(by=team.coordinator, outcome=work, label="Work and study")
    asked = priorities.ask(by=team.coordinator, method="ranking", smallest=5, words="Once more, in order.")
    priorities.answer(by=team.working_group, round_=asked, group="carers", values={hope.pk: 1, work.pk: None})
    return [over.pk, asked.pk]


def given_back(team: Team, report: Report) -> Any:
    """A file of decisions exported from here and given back, and what came of it."""
    from screening.decisions.bringing import actions as bringing
    from screening.decisions.carried import DECISION, Said
    from screening.decisions.carried.own import Identity, Row, write_lines

    text = io.StringIO()
    write_lines(text, [Row(Identity(title=report.title, year=2020), Said(DECISION, "include", "Ana", "title_abstract", n=1))])
    data = text.getvalue().encode()
    file = bringing.keep_file(by=team.coordinator, name="decisions.jsonl", content=io.BytesIO(data), size=len(data))
    return bringing.start(by=team.coordinator, source=file, people={"Ana": str(team.ana.pk)}, reasons={})


def notice(team: Team) -> Any:
    from screening.projects.models import Notice
    from screening.projects.notices import tell

    everybody = list(team.members.values())
    tell(*everybody, key="sample", words="The protocol was amended.", link=f"/p/{team.project.slug}/protocol/")
    return Notice.objects.get(membership=team.coordinator).pk


def own_data(team: Team) -> Any:
    return Job.objects.create(user=team.coordinator.user, kind="own_data", idempotency_key="sample", state=Job.State.FAILED).pk


def kept_filter(team: Team) -> Any:
    from screening.references.actions.filters import asked_by, save_filter

    return save_filter(by=team.ana, name="Peers", asked=asked_by("q=peer"), shared=True).pk


def content_note(team: Team, source: Any) -> Any:
    """Words before every report of the source, and words that are marked on the desk."""
    from screening.decisions.content_notes.actions import put_note
    from screening.decisions.highlights.actions import set_terms
    from screening.decisions.highlights.rules import Term

    set_terms(by=team.coordinator, terms=[Term("include", "open"), Term("exclude", "settled")])
    return put_note(by=team.working_group, words="Speaks of hard times.", source=source).pk


def list_export(team: Team) -> Any:
    return Job.objects.create(
        project=team.project,
        kind="list_export",
        idempotency_key="sample",
        asked_by=team.coordinator,
        state=Job.State.FAILED,
        args={"query": "", "format": "ris"},
    ).pk


def flow_file(team: Team) -> Any:
    return Job.objects.create(
        project=team.project,
        kind="flow_file",
        idempotency_key="sample",
        asked_by=team.coordinator,
        state=Job.State.FAILED,
        args={"kind": "excluded-csv", "at": None},
    ).pk


def departed(team: Team) -> Any:
    """A departure from the protocol: it amends no version."""
    from datetime import date

    from screening.protocol.versions.actions import Said, depart

    said = Said(date(2026, 3, 1), "searching", "Embase was not searched.", "No access.", "The team", "after")
    return depart(by=team.coordinator, said=said).pk


def line_kept(team: Team) -> Any:
    from screening.fulltext.lines.models import LineSnapshot
    from screening.protocol.models import ProtocolVersion

    body = {"criterion": "Paid", "protocol_line": "50", "line": "40", "included": 0, "unsettled": 0}
    body |= {"questions": {}, "lines": [], "rows": []}
    version = ProtocolVersion.objects.get(project=team.project)
    kept = {"criterion": uuid4(), "version": version, "name": "At 40%", "line": 40, "body": body}
    return LineSnapshot.objects.create(project=team.project, by=team.coordinator, **kept).pk


def voice(team: Team, criterion: Any) -> tuple[Any, Any]:
    """A voice, and the file that came with it."""
    from screening.voices.actions import speak
    from screening.voices.attachments.actions import stored
    from screening.voices.support.actions import switch_files

    switch_files(by=team.coordinator, on=True)
    words = b"A line of my own."
    with stored(by=team.working_group, files=[("line.txt", io.BytesIO(words), len(words))]) as files:
        said = {"kind": "question", "words": "Why this line?", "files": files}
        made = speak(by=team.working_group, about_kind="criterion", about_id=criterion.pk, **said)
    return made.pk, made.files.get().pk


def left(team: Team, criterion: Any) -> Any:
    """Words of a criterion that somebody had said, and withdrew."""
    from screening.voices.actions import speak, withdraw
    from screening.voices.left.models import WordsLeft

    said = speak(by=team.observer, about_kind="project", about_id=team.project.pk, words=f"{criterion.text} {criterion.plain_words}")
    withdraw(by=team.observer, voice=said)
    return WordsLeft.objects.get(voice=said).pk


def explained(team: Team) -> Any:
    from screening.voices.glossary.actions import explain

    return explain(by=team.working_group, term="Peer", meaning="Somebody who has been there.").pk
