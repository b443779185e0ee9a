"""The report form: its questions, choices, limits, and what is made of the answers; for the
residents' plain form and for staff who take a report by phone."""
