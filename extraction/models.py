"""The face Django sees: every room's models, in the order work passes through them. Nothing else imports it."""

from extraction.forms.models import *  # noqa: F403
from extraction.studies.models import *  # noqa: F403
