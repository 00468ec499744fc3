"""This room over HTTP: the same actions as the pages. Lists turn by cursor."""

from screening.references.api.reports import ReportPageSerializer, ReportSerializer

__all__ = ["ReportPageSerializer", "ReportSerializer"]
