"""What residents asked most, by week: which answers they were given, against the week before."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bot.publishing import checks, topic_counts
from bot.publishing.topic_counts import WEEK
from bot.reports import feedback, unplaced
from bot.staff.answer_shown import standing
from bot.staff.context import engine
from bot.staff.rights import Right, needs

asked = Blueprint("asked", __name__)


@asked.get("/asked")
@needs(Right.READ)
def page() -> ResponseReturnValue:
    """The seven days until today, or until an earlier day."""
    today = date.today()
    first = topic_counts.first_day(engine())
    wanted = checks.as_date(request.args.get("until", "")) or today
    until = max(min(wanted, today), first or today)
    topics = {answer.intent: answer for answer in standing().register.answers.values()}
    return render_template(
        "answers/asked.html",
        week=topic_counts.week(engine(), until),
        topics=topics,
        not_useful={votes.topic: votes.not_useful for votes in feedback.by_topic(engine())},
        waiting=unplaced.count_waiting(engine()),
        until=until,
        earlier=until - WEEK if first and first <= until - WEEK else None,
        later=min(until + WEEK, today) if until < today else None,
    )
