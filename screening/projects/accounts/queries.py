"""The files of one's own data."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from screening.projects.accounts.own_data import KIND
from screening.projects.models import Job, User


def own_file(user: User, job_id: UUID) -> FileResponse:
    """The file of a job, for whoever asked for it and nobody else."""
    job = get_object_or_404(Job, pk=job_id, user=user, kind=KIND, state=Job.State.DONE)
    try:
        content = default_storage.open(job.result["path"], "rb")
    except OSError as gone:
        raise Http404 from gone
    return FileResponse(content, as_attachment=True, filename="my-brolly-data.zip", content_type="application/zip")
