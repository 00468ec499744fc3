"""The text of a record as it came: a part of the uploaded file, or kept beside what was read of it."""

from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.translation import gettext as _

from screening.projects.models import Project
from screening.references.models import Import, Record
from screening.references.rules import without_nul


def stay_in_files() -> bool:
    """Whether records may leave their text in the uploaded file: where the store gives a part of one without the rest."""
    return isinstance(default_storage, FileSystemStorage)


def lost_files(project: Project) -> list[str]:
    """The names of uploaded files that are not in the store any more, or of another size: records have their text there."""
    kept = Import.objects.filter(project=project).order_by("seq").values_list("filename", "stored_file", "size")
    return [name for name, stored, size in kept if _size(stored) != size]


def _size(stored: str) -> int | None:
    try:
        return default_storage.size(stored)
    except FileNotFoundError:
        return None


def text_of(record: Record) -> str:
    """The text of a record to the letter, save what no page can show; where its file is gone, a sentence that says so."""
    if record.raw_from is None or record.raw_to is None:
        return record.raw
    try:
        with default_storage.open(record.import_run.stored_file) as file:
            file.seek(record.raw_from)
            return str(without_nul(file.read(record.raw_to - record.raw_from).decode(errors="replace")))
    except FileNotFoundError:
        return _("The uploaded file is not in the server's store any more. Ask whoever runs the server to restore it.")
