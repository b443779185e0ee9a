"""Reads the domain that is in the model once, instead of four times.

Rasa asks whether the file is a domain, checks it against its schema and reads it twice more, each
time through a YAML reader written in Python: that is nearly all of the time in which a model is
loaded. It was checked when the model was trained, and Rasa wrote this copy itself.
"""

from typing import Any

from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain
from rasa.shared.utils.io import read_file, read_yaml


def load(
    cls: type[DomainProvider], /, config: dict[str, Any], model_storage: Any, resource: Any,
    execution_context: Any, **kwargs: Any,
) -> DomainProvider:  # fmt: skip
    """What DomainProvider.load does."""
    with model_storage.read_from(resource) as folder:
        domain = Domain.from_dict(read_yaml(read_file(folder / "domain.yml")))
    return cls(model_storage, resource, domain)


def put_in_place() -> None:
    """Let this process read it so."""
    DomainProvider.load = classmethod(load)
