"""The next reports for a member, in the order they or the project chose."""
