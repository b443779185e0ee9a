"""Which topics are in another language than English, by their names."""

EMERGENCY = "report_emergency"  # and report_emergency_polish, and so on
OTHER_LANGUAGE = "other_language"  # and a language, of anything that is no emergency


def language_of(topic: str) -> str:
    """The language of a topic that is not English ("polish"); empty for English."""
    for kind in (f"{EMERGENCY}_", f"{OTHER_LANGUAGE}_"):
        if topic.startswith(kind):
            return topic.removeprefix(kind)
    return ""
