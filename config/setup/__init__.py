"""The set-up: from a fresh clone and a bare Python to everything Brolly runs on.

Standard library only, and run from inside `config/` (`python3 -m setup`), so that it
works before a single dependency exists and never imports the project's settings.
"""
