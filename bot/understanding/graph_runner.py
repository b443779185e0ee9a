"""Runs Rasa's prediction graph in order, without asking dask for the order at every message.

The graph of a loaded model never changes, and dask's synchronous scheduler runs one node after the
other anyway; planning it anew three times a turn takes about 1.7 ms (measured). `assistant run
rasa` puts this runner in place; Rasa's own commands keep dask's.
"""

from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner

Plan = list[tuple[str, GraphNode, tuple[str, ...]]]


class OrderedGraphRunner(DaskGraphRunner):
    """The same nodes with the same inputs in the same order, from a plan made once a target."""

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """Run what `targets` need; returns their outputs by name."""
        wanted = tuple(targets or self._graph_schema.target_names)
        done = {name: (name, value) for name, value in (inputs or {}).items()}
        try:
            for name, node, needs in self._plan(wanted):
                done[name] = node(*(done[need] for need in needs))
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return {name: done[name][1] for name in wanted}

    def _plan(self, targets: tuple[str, ...]) -> Plan:
        plans: dict[tuple[str, ...], Plan] = self.__dict__.setdefault("_plans", {})
        if targets not in plans:
            plans[targets] = self._make_plan(targets)
        return plans[targets]

    def _make_plan(self, targets: tuple[str, ...]) -> Plan:
        """Every needed node after those that it needs; what is no node is an input."""
        nodes = self._graph_schema.nodes
        plan: Plan = []
        seen: set[str] = set()

        def add(name: str) -> None:
            if name in seen or name not in nodes:
                return
            seen.add(name)
            needs = tuple(nodes[name].needs.values())
            for need in needs:
                add(need)
            plan.append((name, self._instantiated_nodes[name], needs))

        for target in targets:
            add(target)
        return plan


def put_in_place() -> None:
    """Let the models that this process loads be run by OrderedGraphRunner."""
    import rasa.core.processor

    rasa.core.processor.DaskGraphRunner = OrderedGraphRunner
