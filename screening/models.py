"""The face Django sees: every room's models, in the order work passes through them. Nothing else imports it."""

from screening.decisions.amended.models import *  # noqa: F403
from screening.decisions.conflicts.models import *  # noqa: F403
from screening.decisions.desk.models import *  # noqa: F403
from screening.decisions.models import *  # noqa: F403
from screening.decisions.pilots.models import *  # noqa: F403
from screening.decisions.policies.models import *  # noqa: F403
from screening.decisions.ranking.models import *  # noqa: F403
from screening.flow.models import *  # noqa: F403
from screening.fulltext.lines.models import *  # noqa: F403
from screening.fulltext.models import *  # noqa: F403
from screening.projects.models import *  # noqa: F403
from screening.protocol.models import *  # noqa: F403
from screening.protocol.versions.models import *  # noqa: F403
from screening.references.index import *  # noqa: F403
from screening.references.models import *  # noqa: F403
from screening.voices.attachments.models import *  # noqa: F403
from screening.voices.involvement.models import *  # noqa: F403
from screening.voices.left.models import *  # noqa: F403
from screening.voices.meetings.models import *  # noqa: F403
from screening.voices.models import *  # noqa: F403
from screening.voices.priorities.models import *  # noqa: F403
