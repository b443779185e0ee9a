"""Staff see which answers were useful, and what was missing."""

from datetime import date

from bot.reports import feedback


def test_the_page_counts_votes_by_topic_and_shows_words_as_text(officer, engine):
    assert "No answer has been rated yet" in officer.get("/unhelpful").text
    feedback.vote(engine, "a", "ask_prevent", False, "<b>the number</b>", date(2026, 11, 23))
    page = officer.get("/unhelpful").text
    assert "What Prevent is" in page
    assert "&lt;b&gt;the number" in page
    assert 'data-label="Not useful">1<' in page
    assert 'data-label="Useful">0<' in page


def test_nobody_sees_it_without_signing_in(visitor):
    reply = visitor.get("/unhelpful")
    assert reply.status_code == 302
    assert "/sign-in" in reply.headers["Location"]
