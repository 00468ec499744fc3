"""Versions of the protocol: what an amendment says, two versions side by side, and the protocol as a document."""
