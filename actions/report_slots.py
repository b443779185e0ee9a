"""The slots of the report form, in the order in which they are asked."""

DANGER = "asb_danger_now"
DESCRIPTION = "asb_description"
KIND = "asb_kind"
WHERE = "asb_where"
OUTSIDE = "asb_outside"  # asked only for a postcode outside the district: send it all the same?
WHEN = "asb_when"
FREQUENCY = "asb_frequency"
IDENTITY = "asb_identity"
NAME = "asb_name"
CONTACT = "asb_contact"
MORE = "asb_more"  # what to add: a field of data/report-fields.yml, or NOTHING
DETAIL = "asb_detail"  # the words for the field that MORE names
CHANGE = "asb_change"
CONFIRMED = "asb_confirmed"

ASKED = (
    DANGER, DESCRIPTION, KIND, WHERE, OUTSIDE, WHEN, FREQUENCY, IDENTITY, NAME, CONTACT, MORE,
    DETAIL, CHANGE, CONFIRMED,
)  # fmt: skip
TOLD = (DESCRIPTION, KIND, WHERE, WHEN, FREQUENCY, IDENTITY, NAME, CONTACT)

# Not asked: what makes saving happen once, how the form ended, where each value came from, how
# often a question was not understood, what was added, the days that WHEN means, the district and
# the ward of the postcode, and whether partners may be told.
KEY = "asb_key"
OUTCOME = "asb_outcome"
PROVENANCE = "asb_provenance"
MISSES = "asb_misses"
DETAILS = "asb_details"
DATES = "asb_dates"
DISTRICT = "asb_district"
WARD = "asb_ward"
SHARING = "asb_sharing"

ALL = (*ASKED, KEY, OUTCOME, PROVENANCE, MISSES, DETAILS, DATES, DISTRICT, WARD, SHARING)

# Kept beside the form: a report that was not sent
DRAFT = "asb_draft"

CANCELLED = "cancelled"
KEPT = "kept"
DROPPED = "dropped"
IN_DANGER = "in_danger"
CONFIRMED_BY_RESIDENT = "confirmed"

# A question that does not apply (the name of somebody anonymous) is filled with this.
NOT_ASKED = ""
NOTHING = "nothing"
