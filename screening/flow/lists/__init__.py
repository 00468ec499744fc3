"""The list that each number opens: a box of the diagram, or one part of it."""
