"""The only writers of this room: imports, duplicates."""

from screening.references.actions.duplicates import join_reports, split_record
from screening.references.actions.imports import JOB, Uploaded, read_again, read_import, upload, upload_several, withdraw

__all__ = ["JOB", "Uploaded", "join_reports", "read_again", "read_import", "split_record", "upload", "upload_several", "withdraw"]
