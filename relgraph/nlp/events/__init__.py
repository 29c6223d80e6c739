"""Event extraction: triggers, participants, factuality, time and repeated mentions of one event."""

from relgraph.nlp.events.component import EventReader, make_event_reader

__all__ = ["EventReader", "make_event_reader"]
