"""The only writers of this room: imports, duplicates, removals."""

from screening.references.actions.corrections import correct, take_back_correction
from screening.references.actions.duplicates import Judged, Told, join_reports, judge, settle_waits, split_record, take_back
from screening.references.actions.imports import JOB, Uploaded, read_again, read_import, upload, upload_several, withdraw
from screening.references.actions.removals import Removed, declare_removed, put_back, remove_reports, take_back_declaration

__all__ = [
    "JOB",
    "Judged",
    "Removed",
    "Told",
    "Uploaded",
    "correct",
    "declare_removed",
    "join_reports",
    "judge",
    "put_back",
    "read_again",
    "read_import",
    "remove_reports",
    "settle_waits",
    "split_record",
    "take_back",
    "take_back_correction",
    "take_back_declaration",
    "upload",
    "upload_several",
    "withdraw",
]
