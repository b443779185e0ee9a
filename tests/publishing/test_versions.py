"""Drafts and publishing: never by the writer, never over somebody else's work, each once."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy.engine import Engine

from bot.publishing import versions
from bot.publishing.fields import Subject
from bot.publishing.versions import Refused, Stale

from .conftest import ANSWER, CONTACT, fields_of

Publish = Callable[..., int]


def draft(engine: Engine, by: str, seen: int = 0, subject: Subject = ANSWER, **changed: object):
    return versions.save_draft(engine, subject, seen, fields_of(subject, **changed), by, "why")


def test_the_writer_of_a_draft_cannot_publish_it(engine: Engine) -> None:
    number = draft(engine, "a")
    with pytest.raises(Refused, match="own_draft"):
        versions.publish(engine, ANSWER, number, 0, "a")
    assert versions.published(engine) == {}


def test_nor_can_whoever_wrote_the_draft_that_it_began_from(engine: Engine) -> None:
    first = draft(engine, "a", text="One, [emergency].")
    second = draft(engine, "b", seen=first, text="Two, [emergency].")
    for writer in ("a", "b"):
        with pytest.raises(Refused, match="own_draft"):
            versions.publish(engine, ANSWER, second, 0, writer)
    versions.publish(engine, ANSWER, second, 0, "c")
    assert versions.published(engine)[ANSWER]["text"] == "Two, [emergency]."


def test_after_it_is_published_its_writer_may_publish_what_another_writes_next(
    engine: Engine, publish: Publish
) -> None:
    first = publish(by="b")
    number = draft(engine, "b", seen=first)
    versions.publish(engine, ANSWER, number, first, "a")
    assert versions.live_number(versions.history(engine, ANSWER)) == number


def test_a_second_editor_is_told_and_nothing_is_overwritten(engine: Engine) -> None:
    first = draft(engine, "a", title="Mine")
    with pytest.raises(Stale) as told:
        draft(engine, "b", seen=0, title="Theirs")
    assert told.value.newest == first
    assert versions.drafts(engine)[ANSWER].fields["title"] == "Mine"


def test_a_draft_that_is_replaced_stays_in_the_history(engine: Engine) -> None:
    first = draft(engine, "a", title="First")
    draft(engine, "a", seen=first, title="Second")
    newest, older = versions.history(engine, ANSWER)
    assert (newest.state, older.state, older.reason) == ("draft", "withdrawn", versions.REPLACED)
    assert older.fields["title"] == "First"


def test_a_draft_is_published_once(engine: Engine) -> None:
    number = draft(engine, "a")
    versions.publish(engine, ANSWER, number, 0, "b")
    with pytest.raises(Stale):
        versions.publish(engine, ANSWER, number, 0, "c")
    with pytest.raises(Refused, match="no_draft"):
        versions.publish(engine, ANSWER, number, number, "c")
    assert versions.history(engine, ANSWER)[0].published_by == "b"


def test_a_draft_that_was_withdrawn_cannot_be_published_or_withdrawn_again(engine: Engine) -> None:
    number = draft(engine, "a")
    versions.withdraw(engine, ANSWER, number, "b", "Not yet agreed")
    with pytest.raises(Refused, match="no_draft"):
        versions.publish(engine, ANSWER, number, 0, "c")
    with pytest.raises(Refused, match="no_draft"):
        versions.withdraw(engine, ANSWER, number, "c", "Again")
    ended = versions.history(engine, ANSWER)[0]
    assert (ended.ended_by, ended.reason) == ("b", "Not yet agreed")


def test_publishing_over_a_live_text_that_was_not_seen_is_refused(
    engine: Engine, publish: Publish
) -> None:
    first = publish()
    number = draft(engine, "a", seen=first)
    versions.roll_back(engine, ANSWER, 0, first, "m")
    with pytest.raises(Stale) as told:
        versions.publish(engine, ANSWER, number, first, "b")
    assert told.value.newest == number + 1


def test_an_older_version_is_said_again_as_a_new_one(engine: Engine, publish: Publish) -> None:
    first, second = publish(title="First"), publish(title="Second")
    versions.roll_back(engine, ANSWER, first, second, "m", "The number was wrong")
    assert versions.published(engine)[ANSWER]["title"] == "First"
    versions.roll_back(engine, ANSWER, 0, second + 1, "m")
    assert versions.published(engine)[ANSWER] == {}
    assert [v.state for v in versions.history(engine, ANSWER)] == ["published"] * 4


def test_what_was_never_published_cannot_be_gone_back_to(engine: Engine) -> None:
    number = draft(engine, "a")
    for never in (number, 77):
        with pytest.raises(Refused, match="never_published"):
            versions.roll_back(engine, ANSWER, never, 0, "m")


def both(*calls: Callable[[], object]) -> list[object]:
    """Run the calls at the same moment; what each returned or raised."""
    barrier, ended = threading.Barrier(len(calls)), [None] * len(calls)

    def run(index: int) -> None:
        barrier.wait()
        try:
            ended[index] = calls[index]()
        except (Refused, Stale) as error:
            ended[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def test_of_two_who_publish_at_once_one_is_told(engine: Engine) -> None:
    number = draft(engine, "a")
    ended = both(
        lambda: versions.publish(engine, ANSWER, number, 0, "b"),
        lambda: versions.publish(engine, ANSWER, number, 0, "c"),
    )
    assert sum(one is None for one in ended) == 1
    assert versions.last_publication(engine) == 1


def test_two_different_answers_are_both_published_at_once(engine: Engine) -> None:
    numbers = {subject: draft(engine, "a", subject=subject) for subject in (ANSWER, CONTACT)}
    ended = both(
        *(
            lambda subject=subject, number=number: versions.publish(engine, subject, number, 0, "b")
            for subject, number in numbers.items()
        )
    )
    assert ended == [None, None]
    assert versions.last_publication(engine) == 2


def test_of_two_drafts_at_once_one_is_told(engine: Engine) -> None:
    ended = both(lambda: draft(engine, "a"), lambda: draft(engine, "b"))
    assert sum(isinstance(one, Stale) for one in ended) == 1
    assert len(versions.history(engine, ANSWER)) == 1
