"""The slots of looking at a report that was sent, in the order in which they are asked."""

REFERENCE = "report_reference"
CODE = "report_code"
WORDS = "report_words"  # what happened again, or what to tell the officer

ASKED = (REFERENCE, CODE, WORDS)

WISH = "report_wish"  # the intent that opened it
KEY = "report_key"  # makes adding happen once
TRIES = "report_tries"
FOUND = "report_found"  # whether reference and code belong together, once looked up

ALL = (*ASKED, WISH, KEY, TRIES, FOUND)

NOT_ASKED = ""
