"""The only writers of this room: imports, duplicates, removals."""

from screening.references.actions.duplicates import join_reports, split_record
from screening.references.actions.imports import JOB, Uploaded, read_again, read_import, upload, upload_several, withdraw
from screening.references.actions.removals import Removed, declare_removed, put_back, remove_reports, take_back_declaration

__all__ = [
    "JOB",
    "Removed",
    "Uploaded",
    "declare_removed",
    "join_reports",
    "put_back",
    "read_again",
    "read_import",
    "remove_reports",
    "split_record",
    "take_back_declaration",
    "upload",
    "upload_several",
    "withdraw",
]
