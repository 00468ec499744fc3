"""Members who wrote a candidate review: it is never for them to screen, settle or appraise."""
