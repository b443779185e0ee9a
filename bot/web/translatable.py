"""Finds the texts in data/ that pages say, for Babel (babel.cfg). The chat's stay English."""

from collections.abc import Iterator
from typing import Any

import yaml

from bot.answers.loading import WEB_ONLY

Found = Iterator[tuple[int, None, str, list[str]]]
# What pages say besides data/messages/web: the words for a report that was sent.
SHARED = (
    "utter_label_",
    "utter_status_",
    "utter_report_days",
    "utter_report_dropped",
    "utter_report_frequency_",
    "utter_report_future",
    "utter_report_no_such_date",
    "utter_report_not_asb",
    "utter_report_not_given",
    "utter_report_second_time",
    "utter_report_sharing_",
    "utter_report_third_time",
    "utter_report_when_means",
    "utter_look_up_failed",
    "utter_look_up_incident",
    "utter_look_up_message_",
    "utter_look_up_not_found",
    "utter_look_up_sent",
)


def messages(file: Any, keywords: Any, comment_tags: Any, options: Any) -> Found:
    """The texts of a file of data/messages: all in the folder web, the shared ones elsewhere."""
    in_web = f"/{WEB_ONLY}/" in file.name
    for name, message in yaml.safe_load(file).get("messages", {}).items():
        if in_web or name.startswith(SHARED):
            yield 1, None, message["text"].strip(), [name]


def labels(file: Any, keywords: Any, comment_tags: Any, options: Any) -> Found:
    """The words of each kind of report, each detail that can be added, each equality question."""
    for group in yaml.safe_load(file).values():
        for name, entry in [("", group), *group.items()] if isinstance(group, dict) else ():
            if isinstance(entry, dict) and "label" in entry:
                choices = entry.get("choices") or {}
                asked = [entry[key].strip() for key in ("label", "ask", "why") if key in entry]
                for words in [
                    *asked,
                    *(choices.values() if isinstance(choices, dict) else choices),
                ]:
                    yield 1, None, words, [name]
