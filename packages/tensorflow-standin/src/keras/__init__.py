"""A stand-in for Keras: see `tensorflow_standin`."""

from tensorflow_standin import answer_imports_of

__getattr__ = answer_imports_of("keras")
