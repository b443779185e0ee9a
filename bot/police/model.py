"""What a look-up is given, finds, or fails with.

A postcode is personal data: it is left out of every `repr`, so that no log gets it by chance.
"""

from dataclasses import dataclass, field
from enum import Enum


class LookupProblem(Enum):
    """Why no team was found; the caller chooses the words."""

    INVALID_POSTCODE = "invalid_postcode"
    UNKNOWN_POSTCODE = "unknown_postcode"
    TERMINATED_POSTCODE = "terminated_postcode"
    NO_COORDINATES = "no_coordinates"
    NOT_COVERED = "not_covered"
    SERVICE_DOWN = "service_down"


@dataclass(frozen=True)
class Services:
    """Where to ask: base addresses, with or without a trailing slash.

    `timeout_seconds` limits each connection and each wait for bytes. `home_district_code` is the
    partnership's district in the ONS coding that postcodes.io uses (`codes.admin_district`).
    """

    postcodes_url: str
    police_url: str
    timeout_seconds: float = 3.0
    home_district_code: str = field(kw_only=True)


@dataclass(frozen=True)
class Place:
    """A postcode and the areas it lies in; an area that the service does not know is ''.

    A postcode stands for its centroid, so near a boundary the areas, and the team, may differ.
    """

    postcode: str = field(repr=False)
    district: str
    ward: str
    police_force_area: str
    district_code: str
    in_district: bool


@dataclass(frozen=True)
class Officer:
    """One person of a team, as plain text; `rank` is '' when it is not given."""

    name: str
    rank: str


@dataclass(frozen=True)
class Team:
    """A neighbourhood police team, as plain text; `url`, `phone` and `email` are '' when not given.

    The data is under the Open Government Licence v3: what is built on it carries its attribution.
    """

    place: Place
    force_id: str
    force_name: str
    name: str
    url: str
    phone: str
    email: str
    officers: tuple[Officer, ...]


class LookupFailed(Exception):
    """No team: `problem` says why, `place` what was known of the postcode by then.

    Its text is the problem's name alone.
    """

    def __init__(self, problem: LookupProblem, place: Place | None = None) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.place = place
