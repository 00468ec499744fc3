"""`manage.py verify`: recompute every cached status from the facts, and say what differs, as JSON."""

import gc
import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from screening.flow.actions import repair
from screening.flow.checks import check_project
from screening.flow.equations import identities
from screening.flow.queries import counts_of
from screening.management.plain import PlainCommand
from screening.projects.models import Project
from screening.references.texts import lost_files


class Command(PlainCommand):
    """Exit code 1 when anything differs (with --repair: when anything still differs afterwards)."""

    help = "Recompute every cached status from the facts and report differences as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("projects", nargs="*", metavar="PROJECT_SLUG", help="all projects, where none is named")
        parser.add_argument("--repair", action="store_true", help="write the caches anew from the facts")

    def handle(self, *args: Any, projects: list[str], **options: Any) -> None:
        # Hundreds of thousands of small things are held at once, and none in a circle: looking for circles took half the time.
        gc.set_threshold(100_000)
        found = Project.objects.order_by("slug")
        if projects:
            found = found.filter(slug__in=projects)
            unknown = sorted(set(projects) - set(found.values_list("slug", flat=True)))
            if unknown:
                self.stderr.write(f"There is no project {unknown[0]}: give the short name that stands after /p/ in its address.")
                sys.exit(1)
        reports = [self._report(project, options["repair"]) for project in found]
        self.stdout.write(json.dumps({"projects": reports}, ensure_ascii=False, indent=1, default=str))
        left = sum(len(report["differences" if not options["repair"] else "left"]) + len(report["broken"]) for report in reports)
        if left:
            self.stderr.write(
                f"{left} {'thing differs' if left == 1 else 'things differ'} from the facts"
                f"{'' if options['repair'] else '; --repair writes them anew'}."
            )
        lost = sum(len(report["lost_files"]) for report in reports)
        if lost:
            files = "uploaded file is not in the store as it was" if lost == 1 else "uploaded files are not in the store as they were"
            self.stderr.write(f"{lost} {files}: records have their text there. Bring the files back from a backup.")
        if left or lost:
            sys.exit(1)

    def _report(self, project: Project, mend: bool) -> dict[str, Any]:
        report: dict[str, Any] = {"project": project.slug, "differences": [asdict(difference) for difference in check_project(project)]}
        if mend:
            report["left"] = [asdict(difference) for difference in (repair(project) if report["differences"] else [])]
        report["broken"] = [identity.words for identity in identities(counts_of(project)) if not identity.holds]
        report["lost_files"] = lost_files(project)
        return report
