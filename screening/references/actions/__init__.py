"""The only writers of this room: imports, duplicates, removals."""

from screening.references.actions.corrections import correct, take_back_correction
from screening.references.actions.duplicates import (
    MOST_AT_ONCE,
    Judged,
    Told,
    join_reports,
    judge,
    settle_waits,
    split_record,
    take_back,
)
from screening.references.actions.imports import read_import, withdraw
from screening.references.actions.known import LARGEST_LIST, Added, add_known, remove_known
from screening.references.actions.removals import (
    HIGHEST_DECLARED,
    MOST_REMOVED,
    Removed,
    declare_removed,
    put_back,
    remove_reports,
    take_back_declaration,
)
from screening.references.actions.uploads import (
    JOB,
    Uploaded,
    bring_back,
    choose_columns,
    limits,
    read_again,
    upload,
    upload_several,
    waiting_columns,
)

__all__ = [
    "HIGHEST_DECLARED",
    "JOB",
    "LARGEST_LIST",
    "MOST_AT_ONCE",
    "MOST_REMOVED",
    "Added",
    "Judged",
    "Removed",
    "Told",
    "Uploaded",
    "add_known",
    "bring_back",
    "choose_columns",
    "correct",
    "declare_removed",
    "join_reports",
    "judge",
    "limits",
    "put_back",
    "read_again",
    "read_import",
    "remove_known",
    "remove_reports",
    "settle_waits",
    "split_record",
    "take_back",
    "take_back_correction",
    "take_back_declaration",
    "upload",
    "upload_several",
    "waiting_columns",
    "withdraw",
]
