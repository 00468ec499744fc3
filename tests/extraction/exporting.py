"""Exports as tests make and open them."""

import csv
import io
import zipfile
from uuid import uuid4

import openpyxl

from extraction.exports import actions
from extraction.exports.queries import files_for
from screening.projects import jobs


def make(team, by=None, **more):
    job = actions.ask(by=by or team.ana, request_id=uuid4(), **more)
    jobs.run(str(job.pk))
    job.refresh_from_db()
    return job


def opened(member, job):
    """(workbook, {file name: rows}) of an export."""
    from django.core.files.storage import default_storage

    book, bundle, *_told = files_for(member, job)
    with default_storage.open(book.path) as raw:
        workbook = openpyxl.load_workbook(io.BytesIO(raw.read()))
    with default_storage.open(bundle.path) as raw, zipfile.ZipFile(io.BytesIO(raw.read())) as files:
        tables = {name: list(csv.reader(io.StringIO(files.read(name).decode("utf-8-sig")))) for name in files.namelist()}
    return workbook, tables


def words_of(workbook):
    return "\n".join(str(cell.value) for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None)
