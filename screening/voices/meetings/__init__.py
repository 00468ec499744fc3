"""Meetings: when, at which stage, who was there, what was talked about."""
