"""The protocol's draft, line by line: questions, criteria, outcomes, instruments, the registration, and how it begins."""
