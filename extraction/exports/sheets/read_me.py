"""What this file is: project, protocol version, who made it and when, what was assumed, what each sheet holds."""

from extraction.exports.sheets.model import Source, Table
from extraction.exports.sheets.priorities import order_of
from screening.projects.queries import shown_name
from screening.protocol.queries import current_version, versions_of

NAME = "Read me"
ABOUT = "What this file is, and what was assumed."

ASSUMPTIONS = (
    "Counts follow PRISMA 2020. What is not settled yet stands in lines of its own, never in the boxes.",
    "Two records are one report when they share a DOI and their titles fit, or title, year and first author, or when a person joined them.",
    "A primary study in several reviews is one study when its citations share a DOI and titles fit, or title and year.",
    "Overlap: corrected covered area (Pieper 2014); studies later than a review's year of publication are set aside (GROOVE); "
    "reviews without a list of studies are left out; the band is that of the adjusted figure and decides nothing.",
    "An empty cell of an extraction means: not extracted yet. What a review does not say reads: Not reported.",
    "Decisions are listed only where their stage is settled, and only as far as the person who made this file may see them.",
)


def tables(source: Source) -> list[Table]:
    project, version = source.project, current_version(source.project)
    amendments = versions_of(project).count()
    lines: list[tuple[str, str]] = [
        ("Project", project.title),
        ("Summary", project.summary),
        (
            "Protocol version",
            f"{version.n} of {version.recorded_at:%Y-%m-%d %H:%M} UTC ({amendments} in all)"
            if version
            else "None recorded yet: the draft was used",
        ),
        ("Amendment", version.amendment if version else ""),
        ("Made by", shown_name(source.viewer)),
        ("As of", f"{source.as_of:%Y-%m-%d %H:%M:%S} UTC"),
        ("Order of outcomes", order_of(source)),
        ("Made with", "Brolly"),
    ]
    if project.is_demonstration:
        lines.insert(1, ("Note", "Demonstration project. Records marked as demonstration, and the people who screened them, are made up."))
    return [
        Table("read_me", project.title, ("About", "This file"), [line for line in lines if line[1]], (22, 100)),
        Table("assumptions", "Assumptions", ("No.", "Assumption"), list(enumerate(ASSUMPTIONS, start=1)), (22, 100)),
        Table("contents", "Sheets", ("Sheet", "What it holds"), source.contents, (22, 100)),
    ]
