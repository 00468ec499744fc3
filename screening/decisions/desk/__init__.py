"""The desk as each member set it, and what the project asks of all."""
