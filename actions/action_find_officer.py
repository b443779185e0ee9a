"""Shows the neighbourhood team of a postcode, or the way to find it by hand."""

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.kit import Events, safely, services
from actions.report_words import phrase
from bot.police import LookupFailed, LookupProblem, Team, find_team

REPLIES = {
    LookupProblem.INVALID_POSTCODE: "utter_officer_postcode_unknown",
    LookupProblem.UNKNOWN_POSTCODE: "utter_officer_postcode_unknown",
    LookupProblem.TERMINATED_POSTCODE: "utter_officer_postcode_ended",
    LookupProblem.NO_COORDINATES: "utter_officer_not_covered",
    LookupProblem.NOT_COVERED: "utter_officer_not_covered",
    LookupProblem.SERVICE_DOWN: "utter_officer_service_down",
}


class FindOfficer(Action):
    def name(self) -> str:
        return "action_find_officer"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        postcode = tracker.get_slot("postcode")
        forget = [SlotSet("postcode", None)]
        if not postcode:
            dispatcher.utter_message(response="utter_officer_by_hand")
            return forget
        try:
            team = await asyncio.to_thread(find_team, postcode, services())
        except LookupFailed as failure:
            said = failure.place.postcode if failure.place else postcode
            dispatcher.utter_message(response=REPLIES[failure.problem], postcode=said)
            return forget
        if not team.place.in_district:
            dispatcher.utter_message(
                response="utter_officer_outside_district",
                district=team.place.district,
                force=team.force_name,
            )
        dispatcher.utter_message(response="utter_officer_found", **words(team))
        return forget


def words(team: Team) -> dict[str, str]:
    """What utter_officer_found is filled with; a line that has nothing to say is left out."""
    names = ", ".join(f"{officer.rank} {officer.name}".strip() for officer in team.officers)
    people = phrase("utter_officer_people").replace("{names}", names)
    reach = {"page": team.url, "phone": team.phone, "email": team.email}
    lines = [
        phrase(f"utter_officer_{way}").replace("{url}", value).replace(f"{{{way}}}", value)
        for way, value in reach.items()
        if value
    ]
    return {
        "postcode": team.place.postcode,
        "team": team.name,
        "force": team.force_name,
        "people": (people if names else phrase("utter_officer_no_people")) + "\n\n",
        "reach": "".join(f"{line}\n" for line in lines) + ("\n" if lines else ""),
        "attribution": phrase("utter_officer_attribution"),
    }
