"""How a message is understood: components for Rasa's pipeline, named in config.yml."""
