"""Rasa's custom actions, one file for each: slots in, `bot` called, a response and events out."""
