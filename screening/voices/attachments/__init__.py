"""Files that come with what somebody said: off until a project switches them on, and gone with the words when those are withdrawn."""
