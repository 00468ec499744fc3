"""Deleting a sandbox, facts and all. Nothing else in Brolly deletes facts, and this refuses any project that is not one.

Which tables hold rows of a project is read from the models: those that name it, and those that hang on such rows.
"""

from typing import Any

import pgtrigger
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, models, transaction

from screening.projects.models import Project


def paths() -> list[tuple[str, str, int]]:
    """(table, condition on it with one %s for the project's id, how deep it hangs), for every table with rows of a project."""
    known: dict[type[models.Model], tuple[str, int]] = {}
    waiting = [model for label in ("screening", "extraction") for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    waiting = [model for model in waiting if model is not Project]
    while waiting:
        found = [(model, path) for model in waiting if (path := _path(model, known))]
        if not found:
            break
        known.update(found)
        waiting = [model for model in waiting if model not in known]
    return sorted(((model._meta.db_table, *path) for model, path in known.items()), key=lambda row: (-row[2], row[0]))


def _path(model: type[models.Model], known: dict[type[models.Model], tuple[str, int]]) -> tuple[str, int] | None:
    fields = model._meta.concrete_fields
    for field in fields:
        if field.column == "project_id":
            return "project_id = %s", 0
        if field.related_model is Project and field.name == "pgh_obj":
            return "pgh_obj_id = %s", 0
    for field in fields:
        parent: Any = field.related_model if field.is_relation else None
        if parent in known and not field.null:
            condition, depth = known[parent]
            name = connection.ops.quote_name(field.column)
            target = connection.ops.quote_name(field.target_field.column)
            return f"{name} IN (SELECT {target} FROM {parent._meta.db_table} WHERE {condition})", depth + 1  # noqa: S608 (names of our own)
    return None


def delete_rows(project: Project) -> int:
    """Delete every row of a deleted sandbox and the project itself, in one transaction; gives how many rows went."""
    if not project.is_sandbox or project.deleted_at is None:
        raise ValueError("only a sandbox that somebody deleted is taken away")
    total = 0
    with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
        # Twice: rows that triggers of the first round wrote about what went (notes of counts, reports to index) go in the second.
        for _round in range(2):
            for table, condition, _depth in paths():
                cursor.execute(f"DELETE FROM {table} WHERE {condition}", [project.pk])  # noqa: S608 (names of our own)
                total += cursor.rowcount
        cursor.execute(f"DELETE FROM {Project._meta.db_table} WHERE id = %s AND is_sandbox", [project.pk])  # noqa: S608
    return total


def delete_due() -> int:
    """Take away what was deleted; gives how many sandboxes went. Safe to run twice and beside itself."""
    n = 0
    for project in Project.objects.filter(is_sandbox=True, deleted_at__isnull=False)[:5]:
        with transaction.atomic():
            if Project.objects.select_for_update(skip_locked=True).filter(pk=project.pk).exists():
                delete_files(project)
                delete_rows(project)
                n += 1
    return n


# Every folder of the file store in which projects have a folder of their own, by their id.
FOLDERS = ("agreement", "attachments", "decisions", "documents", "exports", "imports", "past")


def delete_files(project: Project) -> int:
    """Delete what a deleted sandbox has in the file store; gives how many files went. Files of the review it was copied from stay."""
    if not project.is_sandbox or project.deleted_at is None:
        raise ValueError("only a sandbox that somebody deleted is taken away")
    return sum(_delete_folder(f"{folder}/{project.pk}") for folder in FOLDERS)


def _delete_folder(path: str) -> int:
    try:
        folders, files = default_storage.listdir(path)
    except FileNotFoundError:
        return 0
    for name in files:
        default_storage.delete(f"{path}/{name}")
    n = len(files) + sum(_delete_folder(f"{path}/{folder}") for folder in folders)
    # On a disk the empty folder; where files are kept by key there is none, and nothing happens.
    default_storage.delete(path)
    return n
