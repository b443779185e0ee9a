"""What keeps a backup from being made or restored."""


class CannotBackUp(Exception):
    """One line that says what is in the way, without an address that may hold a password."""
