"""`make bench`: our assistant beside a stock Rasa one, on the same machine and data, in one run."""
