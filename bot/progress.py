"""How far a report has come: the question being asked, and about how many there are."""

from collections.abc import Mapping
from typing import Any

FORM = "asb_report_form"
REQUESTED = "requested_slot"
# The questions that nearly every report has; name and contact are one
QUESTIONS = (
    "asb_danger_now", "asb_description", "asb_kind", "asb_where", "asb_when", "asb_frequency",
    "asb_identity", "asb_more", "asb_confirmed",
)  # fmt: skip
# Slots whose field has another name in the contract (docs/api.md)
ASKS = {"asb_danger_now": "danger", "asb_where": "place", "asb_when": "time"}
Progress = dict[str, int | str]


def progress(slots: Mapping[str, Any], form: str | None) -> Progress | None:
    """{"step", "of", "asks"} while the form `form` asks for a report; None when it does not.

    What was told without being asked is no step: who tells it all at once is near the end.
    """
    asked = slots.get(REQUESTED)
    if form != FORM or not asked:
        return None
    origins = slots.get("asb_provenance") or {}
    to_ask = [q for q in QUESTIONS if (origins.get(q) or {}).get("how") != "inferred"]
    answered = sum(slots.get(question) is not None for question in to_ask)
    return {
        "step": min(answered + 1, len(to_ask)),
        "of": len(to_ask),
        "asks": ASKS.get(asked, asked.removeprefix("asb_")),
    }
