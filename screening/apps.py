"""Django's name for the first half of the house; rooms hand in their contributions here."""

from importlib import import_module

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "screening"
    verbose_name = "Screening"

    def ready(self) -> None:
        for room in ("projects", "protocol", "references", "decisions", "fulltext", "voices", "flow"):
            import_module(f"screening.{room}.contribute")
