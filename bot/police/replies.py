"""What the two services' JSON means. None, or SERVICE_DOWN, for a shape that is not theirs.

Shapes: the postcodes.io documentation ("Postcode lookup") and the data.police.uk API documentation
("Neighbourhood team", "Specific neighbourhood", "Locate a neighbourhood", "Specific force").
"""

from typing import Any, NamedTuple, TypeGuard

from bot.police.model import LookupProblem, Officer, Place
from bot.police.postcode import tidy_postcode
from bot.police.text import email_address, phone_number, plain, web_address


class Point(NamedTuple):
    """Degrees, WGS 84."""

    latitude: float
    longitude: float


class Neighbourhood(NamedTuple):
    """Two ids of data.police.uk; case counts, and they may hold spaces and dots."""

    force: str
    id: str


class Profile(NamedTuple):
    """What data.police.uk says of a neighbourhood team, as plain text; '' when not given."""

    name: str
    url: str
    phone: str
    email: str


def read_place(
    data: object, postcode: str, home_district_code: str
) -> tuple[Place, Point | None] | None:
    """postcodes.io's 200: the place, and its point unless the coordinates are null."""
    result = _dict(data).get("result")
    if not isinstance(result, dict) or not isinstance(result.get("codes"), dict):
        return None
    returned = result.get("postcode")
    if not isinstance(returned, str) or tidy_postcode(returned) != postcode:
        return None
    latitude, longitude = result.get("latitude", ""), result.get("longitude", "")
    if not (_degrees(latitude) and _degrees(longitude)):
        return None
    code = plain(result["codes"].get("admin_district"))
    place = Place(
        postcode=postcode,
        district=plain(result.get("admin_district")),
        ward=plain(result.get("admin_ward")),
        police_force_area=plain(result.get("pfa")),
        district_code=code,
        in_district=code != "" and code == home_district_code,
    )
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return place, None  # the ONS Postcode Directory's "none" is a latitude off the globe
    return place, Point(latitude, longitude)


def read_refusal(data: object) -> LookupProblem:
    """postcodes.io's 404, whose JSON tells three refusals apart."""
    reply = _dict(data)
    if isinstance(reply.get("terminated"), dict):
        return LookupProblem.TERMINATED_POSTCODE
    if reply.get("error") == "Postcode not found":
        return LookupProblem.UNKNOWN_POSTCODE
    if reply.get("error") == "Invalid postcode":
        return LookupProblem.INVALID_POSTCODE
    return LookupProblem.SERVICE_DOWN  # some other server's 404


def read_neighbourhood(data: object) -> Neighbourhood | None:
    """The reply of locate-neighbourhood."""
    force, id_ = _dict(data).get("force"), _dict(data).get("neighbourhood")
    return Neighbourhood(force, id_) if _is_id(force) and _is_id(id_) else None


def read_profile(data: object) -> Profile | None:
    """A specific neighbourhood; `url_force` may be empty and `contact_details` have no keys."""
    reply = _dict(data)
    if not (name := plain(reply.get("name"))):
        return None
    contact = _dict(reply.get("contact_details"))
    return Profile(
        name=name,
        url=web_address(reply.get("url_force")),
        phone=phone_number(contact.get("telephone")) or phone_number(contact.get("mobile")),
        email=email_address(contact.get("email")),
    )


def read_officers(data: object) -> tuple[Officer, ...] | None:
    """A neighbourhood's people: may be []; `rank` may be null; the nameless are left out."""
    if not isinstance(data, list):
        return None
    people = (_dict(person) for person in data)
    officers = (Officer(plain(p.get("name")), plain(p.get("rank"))) for p in people)
    return tuple(officer for officer in officers if officer.name)


def read_force_name(data: object) -> str | None:
    """The name in a specific force's reply."""
    return plain(_dict(data).get("name")) or None


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _degrees(value: object) -> bool:
    if value is None:
        return True
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 1000  # not so for NaN and Infinity, which Python reads as JSON


def _is_id(value: object) -> TypeGuard[str]:
    # Dots alone would climb the path; lone surrogates, not printable, cannot be encoded.
    return isinstance(value, str) and value.isprintable() and value.strip(". ") != ""
