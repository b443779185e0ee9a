"""Answers Rasa's `import tensorflow` with names that can be looked up and subclassed.

Rasa 3.6.21 defines its DIET and TED classes over TensorFlow when it is imported, whether or not a
pipeline uses them. Ours does not, so 1.4 GB of TensorFlow would be installed only to be imported.
Here a name is a class; a class used as a decorator hands its function back; whatever would compute
raises `TensorFlowIsNotInstalled`, which says what to do.
"""

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FunctionType, ModuleType
from typing import Any

ROOTS = ("tensorflow", "keras")
HOW_TO_INSTALL = (
    "'{name}' needs TensorFlow, which this assistant runs without. To use DIET, TED or another "
    "TensorFlow component, put tensorflow-cpu==2.12.0 in place of the stand-in: see "
    "docs/decisions/0002-no-tensorflow.md."
)


class TensorFlowIsNotInstalled(ImportError):
    """Raised when something would compute with TensorFlow."""


class _Name(type):
    """The type of every stand-in name: `tf.keras.layers.Dense` is a class at each dot."""

    def __getattr__(cls, attribute: str) -> Any:
        if attribute.startswith("__") and attribute.endswith("__"):
            raise AttributeError(attribute)
        return stand_in(f"{cls.__qualname__}.{attribute}")

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if "_stand_in_name" in vars(cls):
            if len(args) == 1 and isinstance(args[0], FunctionType):
                return args[0]  # @tf.function
            if not args and kwargs:
                return lambda function: function  # @tf.function(reduce_retracing=True)
        raise TensorFlowIsNotInstalled(HOW_TO_INSTALL.format(name=cls.__qualname__))


def stand_in(name: str) -> type:
    """A class called `name` that can be subclassed, annotated with and used as a decorator."""
    return _Name(name, (), {"_stand_in_name": name, "__module__": name.split(".")[0]})


def _module_getattr(module: str) -> Any:
    def lookup(attribute: str) -> type:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return stand_in(f"{module}.{attribute}")

    return lookup


class _Finder(MetaPathFinder, Loader):
    """Finds `tensorflow.anything` and `keras.anything`."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if fullname.partition(".")[0] in ROOTS and "." in fullname:
            return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = ModuleType(spec.name)
        module.__getattr__ = _module_getattr(spec.name)  # type: ignore[method-assign]
        return module

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


def answer_imports_of(root: str) -> Any:
    """Called by the two top-level packages; returns their module `__getattr__`."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())
    return _module_getattr(root)
