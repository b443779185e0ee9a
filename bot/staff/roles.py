"""The roles of staff users, apart from rights.py so that the command needs no web framework."""

from enum import StrEnum


class Role(StrEnum):
    """What a staff user is; each may do all that the one before may."""

    VIEWER = "viewer"
    OFFICER = "officer"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
