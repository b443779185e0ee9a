"""A stand-in for TensorFlow: see `tensorflow_standin`."""

from tensorflow_standin import answer_imports_of

__version__ = "2.12.0"
__getattr__ = answer_imports_of("tensorflow")
