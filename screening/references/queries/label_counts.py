"""How many reports carry each label, as one member may see it."""

from uuid import UUID

from screening.projects.models import Membership
from screening.references.queries.bits import label_bits, snapshot_of


def label_counts(viewer: Membership) -> dict[UUID, int]:
    return {UUID(label): bits.bit_count() for (_, label), bits in label_bits(viewer, snapshot_of(viewer.project)).items()}
