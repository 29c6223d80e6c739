"""Event extraction: triggers, participants, factuality, time and repeated mentions of one event."""
