"""The flow split by source, by question, and by whatever later rooms keep about the included reviews."""
