"""The slots of the report form, in the order in which they are asked."""

DANGER = "asb_danger_now"
DESCRIPTION = "asb_description"
KIND = "asb_kind"
WHERE = "asb_where"
WHEN = "asb_when"
FREQUENCY = "asb_frequency"
IDENTITY = "asb_identity"
NAME = "asb_name"
CONTACT = "asb_contact"
CHANGE = "asb_change"
CONFIRMED = "asb_confirmed"

ASKED = (
    DANGER, DESCRIPTION, KIND, WHERE, WHEN, FREQUENCY, IDENTITY, NAME, CONTACT, CHANGE, CONFIRMED,
)  # fmt: skip

# Not asked: what makes saving happen once, how the form ended, where each value came from, and
# which questions were not understood once already.
KEY = "asb_key"
OUTCOME = "asb_outcome"
PROVENANCE = "asb_provenance"
MISSES = "asb_misses"

ALL = (*ASKED, KEY, OUTCOME, PROVENANCE, MISSES)

CANCELLED = "cancelled"
IN_DANGER = "in_danger"
CONFIRMED_BY_RESIDENT = "confirmed"

# A question that does not apply (the name of somebody anonymous) is filled with this.
NOT_ASKED = ""
NOTHING_TO_CHANGE = "nothing"
