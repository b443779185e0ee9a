"""Answers "tell me more", "what's their number", "and in the evenings?" and "the second one" from
the topic that was answered last. Without one, the intent's own answer asks what is meant."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.kit import Events, register, safely
from actions.last_topic import last_topic
from actions.turn import Turn
from bot.answers import Answer
from bot.answers.follow_up import contacts_of, item_named, items_of, lines_of, links_of
from bot.extraction.ordinals import ordinal_in

ALWAYS_OPEN = "emergency"  # the contact whose hours nobody needs to ask


class AnswerFollowUp(Action):
    def name(self) -> str:
        return "action_answer_follow_up"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        turn, topic = Turn.of(tracker), last_topic(tracker)
        if topic is None:
            dispatcher.utter_message(response=f"utter_{turn.intent}")
            return []
        {
            "follow_up_contact": _contact,
            "follow_up_hours": _hours,
            "follow_up_item": _item,
        }.get(turn.intent, _more)(dispatcher, topic, turn)
        return []


def _more(dispatcher: CollectingDispatcher, topic: Answer, turn: Turn) -> None:
    links = lines_of(links_of(register(), topic))
    buttons = [{"title": button.title, "payload": button.payload} for button in topic.buttons]
    name = "utter_follow_up_read_more" if links else "utter_follow_up_no_more"
    dispatcher.utter_message(response=name, buttons=buttons, title=topic.title, links=links)


def _contact(dispatcher: CollectingDispatcher, topic: Answer, turn: Turn) -> None:
    contacts = lines_of(contacts_of(register(), topic))
    name = "utter_follow_up_contacts" if contacts else "utter_follow_up_no_contacts"
    dispatcher.utter_message(response=name, title=topic.title, contacts=contacts)


def _hours(dispatcher: CollectingDispatcher, topic: Answer, turn: Turn) -> None:
    named = [
        contact
        for contact in contacts_of(register(), topic)
        if contact.kind == "phone" and contact.id != ALWAYS_OPEN
    ]
    known = lines_of([contact for contact in named if contact.hours])
    unknown = lines_of([contact for contact in named if not contact.hours])
    name = "known" if known else "unknown" if unknown else "none"
    dispatcher.utter_message(
        response=f"utter_follow_up_hours_{name}", title=topic.title, known=known, unknown=unknown
    )


def _item(dispatcher: CollectingDispatcher, topic: Answer, turn: Turn) -> None:
    items = items_of(register(), topic)
    named = item_named(items, turn.text)
    place = ordinal_in(turn.text, surely=True)
    if place is None:
        place = named + 1 if named is not None else ordinal_in(turn.text)
    if not items:
        dispatcher.utter_message(response="utter_follow_up_no_list", title=topic.title)
    elif place is None or place > len(items):
        dispatcher.utter_message(response="utter_follow_up_which", count=len(items))
    else:
        item = items[place - 1 if place > 0 else place]
        if isinstance(item, Answer):
            dispatcher.utter_message(response=f"utter_{item.intent}")
        else:
            dispatcher.utter_message(response="utter_follow_up_item_text", item=item)
