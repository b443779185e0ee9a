"""Scores the trained model on tests/nlu: sentences that no training has seen (docs/evaluation/)."""
