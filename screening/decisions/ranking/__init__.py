"""The order of the queue, learnt from what is settled, and when screening may stop early. Nothing here excludes a report."""
