"""The documents of full texts: PDFs kept, read in a process of their own, matched to their reports, and searched."""
