"""The one-command launcher: real servers from wheels, as child processes that never outlive it."""
