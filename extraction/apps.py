"""Django's name for the second half of the house; rooms hand in their contributions here."""

from importlib import import_module

from django.apps import AppConfig


class ExtractionConfig(AppConfig):
    name = "extraction"
    verbose_name = "Extraction"

    def ready(self) -> None:
        for room in ("forms", "studies", "overlap", "exports"):
            import_module(f"extraction.{room}.contribute")
