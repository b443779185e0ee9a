"""What is asked about once more, and then kept as it was written.

Each doubt is the last part of the name of what is said about it: utter_report_future.
"""

from bot.extraction.contacts import find_contact
from bot.extraction.times import read_as_of_now

DATE_PROBLEMS = ("future", "no_such_date")
CONTACT_NOT_READ = "contact_not_read"


def doubt_about_time(said: str) -> str:
    """ "future" for a day that is still to come, "no_such_date" for one in no calendar, else ""."""
    problem = read_as_of_now(said).problem if said else ""
    return problem if problem in DATE_PROBLEMS else ""


def doubt_about_contact(said: str) -> str:
    """ "contact_not_read" when no phone number or email can be found in `said`, else ""."""
    return "" if not said or find_contact(said) else CONTACT_NOT_READ
