"""The words of the trade in plain words: those every review uses, and those a project writes itself."""
