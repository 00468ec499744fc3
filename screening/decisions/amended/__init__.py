"""What was settled under an earlier version of the protocol, and would need another look."""
