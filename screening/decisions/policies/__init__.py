"""How each stage is decided: by how many, by whom, and what their answers come to."""
