"""The stock assistant: what `rasa init` sets up, with our training sentences and answers."""
