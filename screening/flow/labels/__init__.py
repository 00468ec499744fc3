"""What a project calls its boxes, and the earlier version of the review that it updates."""
