"""A job that ends while a page is put together: before its first query, before its second, and so on to its last."""

from collections.abc import Callable, Iterator

from django.db import connection
from django.http import HttpResponse

from screening.projects import jobs
from screening.projects.models import Job


def pages_as_it_ends(job: Job, ask: Callable[[], HttpResponse]) -> Iterator[str]:
    """What the page says for each moment at which the job, not begun before, can come to its end."""
    before = 0
    while True:
        Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING, attempt=0, result={}, ended_at=None)
        ending = _EndsBefore(job, before)
        with connection.execute_wrapper(ending):
            answer = ask()
        if not ending.came:
            return
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.failure_sentence
        yield answer.content.decode()
        before += 1


class _EndsBefore:
    """Runs the job just before the query with this number."""

    def __init__(self, job: Job, number: int) -> None:
        self.job, self.to_come, self.came = job, number, False

    def __call__(self, execute, sql, params, many, context):
        if not self.came:
            if self.to_come == 0:
                self.came = True
                jobs.run(str(self.job.pk))
            self.to_come -= 1
        return execute(sql, params, many, context)
