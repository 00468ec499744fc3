"""Conflicts: the queue, consensus by those who differ, rulings, many of one pattern, and changes of mind after settling."""
