"""The stock assistant's action server."""
