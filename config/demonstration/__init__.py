"""The demonstration project: a made-up team at work on made-up records, so far apart that every role finds something."""
