"""What this room hands in to the project pages."""
