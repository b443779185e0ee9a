"""Counts the answers to the equality questions: by month, and with no link to anything else.

There is no row for a person. So nobody can see which answers belong together, or what day or
report they came with; and nobody can be asked to forget who they were.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import yaml
from sqlalchemy import select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.reports.counting import change_or_add
from bot.reports.store import NotSaved
from bot.reports.tables import EqualityRow
from bot.settings import ROOT

FEWEST_SHOWN = 5  # a smaller count could say who it was


@dataclass(frozen=True)
class Question:
    """One question; `choices` are labels by the key that is kept, the last is not to say."""

    name: str
    ask: str
    label: str
    choices: dict[str, str]


def count(engine: Engine, answers: Mapping[str, str], today: date) -> None:
    """Add one to the count of each answer (question: choice) in the month of `today`.

    Raises ValueError for what is no choice of a question, and NotSaved when the database refuses.
    """
    known = questions()
    for name, choice in answers.items():
        if name not in known or choice not in known[name].choices:
            raise ValueError("no such equality question or choice")
    try:
        with Session(engine) as session:
            for name, choice in answers.items():
                _add_one(session, f"{today:%Y-%m}", name, choice)
            session.commit()
    except SQLAlchemyError as error:
        raise NotSaved(type(error).__name__) from None


def counts(engine: Engine) -> dict[tuple[str, str, str], int]:
    """How many there are by (month, question, choice)."""
    with Session(engine) as session:
        rows = session.scalars(select(EqualityRow))
        return {(row.month, row.question, row.answer): row.times for row in rows}


def lines(engine: Engine) -> Iterator[str]:
    """The counts in words, a line each. A count under five is not told, nor whether it is none;
    and there are no totals, from which it could be worked out."""
    held = counts(engine)
    for month in sorted({month for month, _, _ in held}):
        for question in questions().values():
            yield f"{month}  {question.label}"
            for choice, label in question.choices.items():
                times = held.get((month, question.name, choice), 0)
                shown = str(times) if times >= FEWEST_SHOWN else f"fewer than {FEWEST_SHOWN}"
                yield f"    {label}: {shown}"


@lru_cache(maxsize=1)
def questions() -> dict[str, Question]:
    """The questions by name, in the order in which they are asked."""
    text = (ROOT / "data" / "equality-questions.yml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    not_to_say = {data["prefer_not"]["key"]: data["prefer_not"]["label"]}
    return {
        name: Question(name, question["ask"], question["label"], {
            **{str(key): label for key, label in question["choices"].items()}, **not_to_say,
        })
        for name, question in data["questions"].items()
    }  # fmt: skip


def _add_one(session: Session, month: str, question: str, answer: str) -> None:
    one = (
        EqualityRow.month == month,
        EqualityRow.question == question,
        EqualityRow.answer == answer,
    )
    again = update(EqualityRow).where(*one).values(times=EqualityRow.times + 1)
    first = EqualityRow(month=month, question=question, answer=answer, times=1)
    change_or_add(session, again, first)
