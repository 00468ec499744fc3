"""The review in plain words: what it asks, what belongs in it, how far it is, with a place to speak beside each line."""
