"""Words and photos are removed with what they were kept for managers, until it is forgotten."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.reports import changing, follow_up, photos, photos_sent, redaction, store
from bot.reports.model import Frequency, Identity, NewReport, Provenance
from bot.reports.personal_tables import RedactionRow
from bot.reports.photos_files import path_of
from bot.reports.redaction_texts import SOURCES
from bot.reports.tables import ReportRow
from bot.settings import Settings
from bot.staff.rights import Role
from tests import pictures

from .conftest import Visitor

Save = Callable[..., str]
NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>'; DROP TABLE reports; --"
STORY = "Tim Smith kicked the door. I saw Tim Smith, and Timothy, twice."


@pytest.fixture
def manager(signed_in: Callable[[Role], Visitor]) -> Visitor:
    return signed_in(Role.MANAGER)


@pytest.fixture
def report(engine: Engine) -> str:
    made = NewReport(
        key="k", channel="web", conversation_id="conversation-1", kind="noise", description=STORY,
        place="Holywell Hill", time="last night", frequency=Frequency.WEEKLY,
        identity=Identity.NAMED, name="Ann Example", contact="01727 111222",
        details={"who": "Tim Smith of number 9", "effect": "no sleep"},
        provenance={
            "asb_description": Provenance("inferred", STORY),
            "asb_where": Provenance("asked", "by the house of Tim Smith"),
            "asb_name": Provenance("asked", "Ann Example 01727111222"),
            "asb_contact": Provenance("asked", "Ann Example 01727111222"),
        },
    )  # fmt: skip
    receipt = store.save(engine, made, "secret")
    pair = (receipt.reference, receipt.follow_up_code)
    follow_up.add_message(engine, pair, "m", "It was Tim Smith again")
    follow_up.add_incident(engine, pair, "i", "Tim   Smith once more")
    return receipt.reference


def remove(visitor: Visitor, reference: str, **typed: object) -> tuple[int, str]:
    typed = {"how": "words", "words": "", "reason": "asked for", **typed}
    answer = visitor.post(f"/reports/{reference}/redact", **typed)
    return answer.status_code, answer.text


def test_words_are_removed_from_the_field_and_from_what_it_came_from(
    manager: Visitor, report: str, engine: Engine
) -> None:
    assert remove(manager, report, field="description", words="Tim Smith")[0] == 303
    kept = store.get(engine, report)
    assert kept is not None
    assert kept.description == "[removed] kicked the door. I saw [removed], and Timothy, twice."
    assert kept.provenance["asb_description"].words == kept.description
    assert kept.provenance["asb_where"].words == "by the house of [removed]"
    assert kept.details["who"] == "Tim Smith of number 9"  # not what was chosen
    line = store.timeline(engine, report)[-1]
    assert (line.what, line.by, line.detail) == ("redacted", "a.manager.too", "What happened")


def test_words_are_removed_everywhere_at_once(
    manager: Visitor, report: str, engine: Engine
) -> None:
    assert remove(manager, report, field="everywhere", words="Tim Smith")[0] == 303
    everything = str(store.get(engine, report)) + str(follow_up.since_sent(engine, report))
    assert "Tim Smith" not in everything and "Tim   Smith" not in everything
    assert everything.count("[removed]") >= 6
    page = manager.get(f"/reports/{report}").text
    assert "Tim Smith" not in page


def test_a_whole_text_is_removed_with_the_words_it_was_typed_in(
    manager: Visitor, report: str, engine: Engine
) -> None:
    assert remove(manager, report, field="contact", how="whole")[0] == 303
    kept = store.get(engine, report)
    assert kept is not None
    assert kept.contact == "[removed]"
    assert "01727" not in str(kept.provenance)  # typed there without a space
    assert kept.name == "Ann Example"


@pytest.mark.parametrize("where", ["details.who", "message.1", "incident.1", "place", "time"])
def test_each_text_can_be_chosen(manager: Visitor, report: str, engine: Engine, where: str) -> None:
    before = redaction.texts_of(engine, report)
    assert remove(manager, report, field=where, how="whole")[0] == 303
    after = redaction.texts_of(engine, report)
    assert after[where] == "[removed]"
    gone = {where, f"provenance.{SOURCES.get(where)}"}  # with the words that it came from
    assert {k: v for k, v in after.items() if k not in gone} == {
        k: v for k, v in before.items() if k not in gone
    }


def test_managers_see_what_was_removed_until_it_is_forgotten_for_good(
    manager: Visitor, report: str, engine: Engine
) -> None:
    remove(manager, report, field="description", words="Tim Smith", reason="he asked us to")
    page = manager.get(f"/reports/{report}/redactions").text
    assert STORY in page and "he asked us to" in page and "a.manager.too" in page
    assert "still stand in: Who did it, It has happened again, Message." in page
    id = redaction.history(engine, report)[0].id
    forget = f"/reports/{report}/redactions/{id}/forget"
    history = f"/reports/{report}/redactions"
    assert manager.post(forget, page=history).status_code == 303
    page = manager.get(history).text
    assert "Tim Smith" not in page and "forgotten for good by a.manager.too" in page
    with engine.connect() as connection:
        kept = connection.execute(select(RedactionRow.words, RedactionRow.before)).one()
    assert "Tim" not in str(kept)
    assert store.timeline(engine, report)[-1].what == "original_forgotten"
    # A second press says so, and adds no line.
    answer = manager.client.post(forget, data=_token(manager, f"/reports/{report}/redact"))
    assert answer.status_code == 303
    assert "This original has already been forgotten." in manager.get(history).text
    lines = [line.what for line in store.timeline(engine, report)]
    assert lines.count("original_forgotten") == 1


def test_forgetting_forgets_the_words_in_earlier_originals_too(
    manager: Visitor, report: str, engine: Engine
) -> None:
    remove(manager, report, field="description", words="twice")
    remove(manager, report, field="description", words="Tim Smith")
    newest, earlier = redaction.history(engine, report)
    assert redaction.forget(engine, report, newest.id, "jo")
    kept = {one.id: one for one in redaction.history(engine, report)}
    assert "Tim Smith" not in str(kept[earlier.id].before)
    assert "twice" in kept[earlier.id].before["description"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choose where the words stand"),
        ({"field": "no.such", "words": "door"}, "Choose one of the answers that are listed"),
        ({"field": "provenance.asb_description", "words": "Tim"}, "Choose one of the answers"),
        ({"field": "description"}, "Write the exact words to remove"),
        ({"field": "description", "words": "T"}, "Write at least 2 characters"),
        ({"field": "description", "words": "Smit"}, "do not stand there as whole words"),
        ({"field": "description", "words": ".*"}, "do not stand there as whole words"),
        ({"field": "description", "words": NASTY}, "do not stand there as whole words"),
        ({"field": "description", "words": "x" * 5_001}, "do not stand there"),
        ({"field": "everywhere", "how": "whole"}, "Choose one text to remove as a whole"),
        ({"field": "description", "words": "door", "how": NASTY}, "Choose one of the answers"),
        ({"field": "description", "words": "door", "reason": " "}, "Say why"),
        (
            {"field": "description", "words": "door", "reason": "r" * 10_000},
            "500 characters or fewer: this has 10,000",
        ),
    ],
)
def test_a_mistake_removes_nothing_and_says_what_to_do(
    manager: Visitor, report: str, engine: Engine, typed: dict[str, str], said: str
) -> None:
    before = store.get(engine, report), store.timeline(engine, report)
    status, page = remove(manager, report, **typed)
    assert status == 422 and said in page and 'role="alert"' in page
    assert "<script>alert" not in page and "<img src=x" not in page
    assert (store.get(engine, report), store.timeline(engine, report)) == before


def test_a_stale_form_says_what_came_between_and_keeps_what_was_typed(
    manager: Visitor, report: str, engine: Engine
) -> None:
    changing.change(engine, report, None, "sam", "warning_set")
    status, page = remove(
        manager, report, field="description", words="Tim Smith", reason="kept words", version=1
    )
    assert status == 409
    assert "Somebody else has changed this report" in page and "by sam" in page
    assert "kept words" in page and ">Tim Smith</textarea>" in page.replace("\r\n", "").replace(
        "\n", ""
    )
    assert store.get(engine, report).description == STORY  # type: ignore[union-attr]


def test_what_is_hidden_is_not_shown_where_words_are_removed(manager: Visitor, report: str) -> None:
    path = f"/reports/{report}/redact"
    assert "Ann Example" not in manager.get(path).text
    manager.post(f"/reports/{report}/open", reason="request", words="", then="redaction.form")
    assert "Ann Example" in manager.get(path).text


def test_an_officer_neither_removes_nor_sees_what_was_removed(
    officer: Visitor, manager: Visitor, report: str, engine: Engine
) -> None:
    remove(manager, report, field="description", words="Tim Smith")
    id = redaction.history(engine, report)[0].id
    token = _token(officer, f"/reports/{report}")
    for path in ("redact", "redactions"):
        assert officer.get(f"/reports/{report}/{path}").status_code == 403
    for path in ("redact", f"redactions/{id}/forget"):
        assert officer.client.post(f"/reports/{report}/{path}", data=token).status_code == 403
    assert redaction.history(engine, report)[0].before


def test_an_original_is_forgotten_under_its_own_report_only(
    manager: Visitor, report: str, save: Save, engine: Engine
) -> None:
    remove(manager, report, field="description", words="Tim Smith")
    id, other = redaction.history(engine, report)[0].id, save()
    path = f"/reports/{other}/redactions/{id}/forget"
    assert manager.post(path, page=f"/reports/{report}/redactions").status_code == 404
    assert redaction.history(engine, report)[0].before
    for path in ("redact", "redactions"):
        assert manager.get(f"/reports/SA-0000-0000/{path}").status_code == 404


def test_a_photo_is_removed_with_its_file(
    manager: Visitor, engine: Engine, settings: Settings, save: Save
) -> None:
    photos.keep(engine, settings.photos_dir, "conversation-1", pictures.png())
    report, other = save(), save()
    id = photos_sent.of_report(engine, report)[0].id
    path = f"/reports/{report}/photos/{id}/remove"
    assert "Say why" in manager.post(path, reason="").text
    assert path_of(settings.photos_dir, id).is_file()
    assert manager.post(path.replace(report, other), page=path, reason="x").status_code == 404
    assert manager.post(path, reason="a child in it").status_code == 303
    assert not path_of(settings.photos_dir, id).exists()
    assert photos_sent.of_report(engine, report) == []
    line = store.timeline(engine, report)[-1]
    assert (line.what, line.by) == ("photo_removed", "a.manager.too")
    assert "a child in it" in manager.get(f"/reports/{report}/redactions").text
    assert manager.get(path).status_code == 404
    assert manager.get(f"/reports/{report}").status_code == 200


def test_an_officer_cannot_remove_a_photo(
    officer: Visitor, engine: Engine, settings: Settings, save: Save
) -> None:
    photos.keep(engine, settings.photos_dir, "conversation-1", pictures.png())
    report = save()
    id = photos_sent.of_report(engine, report)[0].id
    token = _token(officer, f"/reports/{report}")
    path = f"/reports/{report}/photos/{id}/remove"
    assert officer.client.post(path, data={**token, "reason": "x"}).status_code == 403
    assert path_of(settings.photos_dir, id).is_file()


def _token(visitor: Visitor, page: str) -> dict[str, str]:
    found = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get(page).text)
    assert found
    return {"csrf_token": found[1]}


@pytest.fixture
def said_only(engine: Engine) -> str:
    """A report whose name for somebody stands only in the message that a field came from."""
    made = NewReport(
        key="said", channel="web", conversation_id="c", kind="noise", description="Loud music",
        place="Holywell Hill", time="", frequency=Frequency.WEEKLY, identity=Identity.ANONYMOUS,
        provenance={
            "asb_description": Provenance("inferred", "My neighbour Zebedee plays loud music")
        },
    )  # fmt: skip
    return store.save(engine, made, "secret").reference


def test_words_that_stand_only_in_the_residents_message_are_removed(
    manager: Visitor, said_only: str, engine: Engine
) -> None:
    page = f"/reports/{said_only}"
    assert "Zebedee" in manager.get(page).text
    assert remove(manager, said_only, field="everywhere", words="Zebedee")[0] == 303
    assert "Zebedee" not in manager.get(page).text
    assert store.get(engine, said_only).provenance["asb_description"].words == (  # type: ignore[union-attr]
        "My neighbour [removed] plays loud music"
    )
    (done,) = redaction.history(engine, said_only)
    assert redaction.forget(engine, said_only, done.id, "a.manager")
    with engine.connect() as connection:
        for table in (ReportRow.__table__, RedactionRow.__table__):
            rows = connection.execute(select(table)).all()
            assert rows and "Zebedee" not in str(rows)


def test_what_a_resident_said_is_chosen_by_itself_and_covered_until_it_is_opened(
    manager: Visitor, report: str, engine: Engine
) -> None:
    page = manager.get(f"/reports/{report}/redact").text
    assert 'value="provenance.asb_where"' in page
    assert 'value="provenance.asb_description"' not in page  # the same as the field
    assert "01727111222" not in page
    assert remove(manager, report, field="provenance.asb_where", words="Tim Smith")[0] == 303
    kept = store.get(engine, report)
    assert kept is not None and kept.provenance["asb_where"].words == "by the house of [removed]"
    assert kept.description == STORY


def test_forgetting_forgets_the_words_of_earlier_removals_too(
    manager: Visitor, report: str, engine: Engine
) -> None:
    whole = "Tim Smith of number 9"
    assert remove(manager, report, field="details.who", words=whole)[0] == 303
    assert remove(manager, report, field="everywhere", words="Tim Smith")[0] == 303
    newest, _ = redaction.history(engine, report)
    assert redaction.forget(engine, report, newest.id, "a.manager")
    with engine.connect() as connection:
        rows = connection.execute(select(RedactionRow.words, RedactionRow.before)).all()
    assert "Tim Smith" not in str(rows)
    assert "number 9" in str(rows)


def test_added_answers_are_covered_where_words_are_removed(manager: Visitor, save: Save) -> None:
    reference = save(details={"effect": "no sleep, mail ann@example.org"})
    page = manager.get(f"/reports/{reference}/redact").text
    assert "no sleep" in page and "ann@example.org" not in page
