"""What staff do on a report's page: who may, what is refused, and what is kept when it is."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy.engine import Engine

from bot.reports import casework, casework_entries, following, merging, photos, store
from bot.reports.casework_read import casework as read
from bot.reports.model import Level, Sharing, Status
from bot.settings import Settings
from bot.staff import accounts
from bot.staff.labels import labels
from bot.staff.report_actions import DO, ORDER
from bot.staff.report_forms import FORMS
from bot.staff.rights import Role
from tests import pictures

from .conftest import PASSWORD, Visitor

Save = Callable[..., str]
SignedIn = Callable[[Role], Visitor]
NASTY = "<script>alert(1)</script>\"'><img src=x> '); DROP TABLE reports; --"


def act(visitor: Visitor, reference: str, action: str, **typed: object):  # type: ignore[no-untyped-def]
    page = f"/reports/{reference}"
    return visitor.post(f"{page}/do/{action}", page=page, **typed)


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture
def in_triage(engine: Engine, save: Save) -> str:
    reference = save(sharing=Sharing.NO)
    casework.move(engine, reference, 1, "sam", Status.TRIAGE)
    return reference


def test_a_viewer_reads_everything_and_is_shown_no_form(
    signed_in: SignedIn, save: Save, engine: Engine
) -> None:
    reference = save()
    casework_entries.note(engine, reference, "sam", "k1", "rang the school")
    viewer = signed_in(Role.VIEWER)
    page = viewer.get(f"/reports/{reference}").text
    assert "rang the school" in page
    assert re.findall(r'<form[^>]* action="([^"]+)"', page) == ["/sign-out"]


def test_a_viewer_who_sends_a_form_all_the_same_changes_nothing(
    signed_in: SignedIn, save: Save, engine: Engine
) -> None:
    reference = save()
    viewer = signed_in(Role.VIEWER)
    for action in DO:
        assert act(viewer, reference, action, version=1, to="triage").status_code == 403
    assert viewer.post(f"/reports/{reference}/transcript", page="/reports").status_code == 403
    assert store.get(engine, reference).version == 1  # type: ignore[union-attr]


def test_every_action_has_a_form_with_words_for_each_of_its_fields() -> None:
    assert set(FORMS) - {"transcript"} == set(DO) == set(labels()["forms"]) - {"transcript"}
    for name, form in FORMS.items():
        known = labels()["forms"][name].get("fields") or {}
        assert set(known) == {field.name for field in form()} - {"version", "key"}
    assert set(ORDER) < set(DO)


def test_a_report_is_worked_on_from_new_to_closed(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    reference = save(sharing=Sharing.YES)
    steps: list[tuple[str, dict[str, object], str]] = [
        ("take", {}, "The report is yours now."),
        ("move", {"to": "triage"}, "The report was moved."),
        ("priority", {"level": "high", "reason": "a knife was seen"}, "The priority was set."),
        ("marks", {"marks": ["vulnerable"]}, "The marks were set."),
        ("ward", {"ward": "Sopwell"}, "The ward was set."),
        ("follow", {}, "You follow this report."),
        ("note", {"words": "rang the school"}, "The note was added."),
        ("message", {"words": "We will visit on Friday."}, "The message was sent."),
        ("intervention", {"kind": "abc", "words": "signed"}, "The action was recorded."),
        ("referral", {"partner": "police", "shared": ["kind", "place"],
                      "consent": "sharing_allowed"}, "The report was passed on."),
        ("move", {"to": "action_under_way"}, "The report was moved."),
        ("move", {"to": "referred"}, "The report was moved."),
        ("close", {"reason": "formal_action", "words": "They have been warned."},
         "The report was closed"),
    ]  # fmt: skip
    for action, typed, said in steps:
        today = re.search(r'value="(\d{4}-\d\d-\d\d)"', officer.get(f"/reports/{reference}").text)
        if action == "intervention":
            typed = {**typed, "day": today[1] if today else ""}
        answer = act(officer, reference, action, **typed)
        assert answer.status_code == 303, (action, words(answer.text))
        assert answer.location == f"/reports/{reference}"
        assert said in words(officer.get(answer.location).text)
    report = store.get(engine, reference)
    assert report is not None
    assert (report.status, report.assignee, report.level) == (
        Status.CLOSED, "a.officer", Level.HIGH,
    )  # fmt: skip
    page = words(officer.get(f"/reports/{reference}").text)
    for shown in (
        "Resolved by formal action", "Priority decided by a.officer : High : a knife was seen",
        "Acceptable behaviour contract (ABC) , recorded by a.officer: signed",
        "Hertfordshire Constabulary , by a.officer", "Shared: Kind, Where.",
        "a.officer: rang the school", "From a.officer to the resident: We will visit on Friday.",
        "Moved by a.officer : Referred to a partner", "Marks set by a.officer : vulnerable",
        "First answered on",
    ):  # fmt: skip
        assert shown in page, shown
    assert act(officer, reference, "reopen", reason="it goes on").status_code == 303
    assert "Opened again by a.officer : it goes on" in words(
        officer.get(f"/reports/{reference}").text
    )


@pytest.mark.parametrize(
    ("action", "typed", "mistake"),
    [
        ("move", {}, "New status: Choose one"),
        ("move", {"to": "closed"}, "New status: Choose one"),
        ("move", {"to": NASTY}, "New status: Choose one"),
        ("move", {"to": "waiting_for_reporter"}, "They cannot know otherwise."),
        ("move", {"to": "investigating", "words": "x" * 2_001}, "it is too long"),
        ("close", {"words": "kept words"}, "Reason: Choose one"),
        ("close", {"reason": "other"}, "Words for the resident: Enter some words"),
        ("close", {"reason": "other", "words": " \r\n "}, "Words for the resident: Enter"),
        ("reopen", {"reason": "kept words"}, "A report in triage cannot go there."),
        ("signpost", {"words": ""}, "Words for the resident: Enter some words"),
        ("spam", {"reason": "x" * 501}, "it is too long"),
        ("message", {"words": "\0"}, "Message to the resident: Enter some words"),
        ("note", {"words": "x" * 2_001}, "Note: Use fewer words"),
        ("priority", {"level": "urgent"}, "Priority: Choose one"),
        ("priority", {"level": "low"}, "Say why the priority is not as suggested."),
        ("assign", {"to": "nobody.here"}, "Assigned to: Choose one"),
        ("intervention", {"kind": "visit", "day": "yesterday"}, "Day: Enter a day"),
        ("intervention", {"kind": "raid", "day": "2026-11-30"}, "What was done: Choose one"),
        ("intervention", {"kind": "visit", "day": "9999-12-31"}, "Choose today or a day before."),
        ("intervention", {"kind": "", "day": "2026-11-30"}, "What was done: Choose one"),
        ("referral", {"partner": ""}, "Partner: Choose one"),
        ("referral", {"partner": "police", "consent": "no_consent"}, "What was shared: Choose at"),
        ("referral", {"partner": "police", "consent": "no_consent", "shared": ["name"]},
         "What was shared: Choose at"),  # an anonymous report holds none
        ("referral", {"partner": "the press", "consent": "no_consent", "shared": ["kind"]},
         "Partner: Choose one"),
        ("referral", {"partner": "police", "consent": "asked_and_agreed", "shared": ["kind"],
                      "words": "kept words"}, "The resident said that this is not to be shared."),
        ("referral", {"partner": "police", "consent": "no_consent", "shared": ["kind"]},
         "Say why it is passed on without consent."),
        ("referral", {"partner": "other", "consent": "no_consent", "shared": ["kind"],
                      "reason": "a child is at risk"}, "Enter some words."),
        ("merge", {"into": ""}, "Reference of the other report: Enter some words"),
        ("merge", {"into": "SA-0000-0000"}, "There is no report with that reference."),
        ("merge", {"into": NASTY[:40]}, "There is no report with that reference."),
        ("marks", {"marks": ["dangerous"]}, "Marks: Choose at least one"),
        ("marks", {"marks": ["repeat"]}, "Nothing was changed. The marks are as they were."),
        ("ward", {"ward": "x" * 101}, "it is too long"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_the_top_and_nothing_is_changed(
    officer: Visitor, in_triage: str, engine: Engine, action: str, typed: dict[str, object],
    mistake: str,
) -> None:  # fmt: skip
    before = store.get(engine, in_triage), store.timeline(engine, in_triage)
    answer = act(officer, in_triage, action, **typed)
    assert answer.status_code == 422
    assert mistake in words(answer.text)
    assert "<title>Problem: Report" in answer.text
    assert re.search(rf'<details id="act-{action}" open>', answer.text)
    assert (store.get(engine, in_triage), store.timeline(engine, in_triage)) == before
    if "kept words" in typed.values():
        assert re.search(r">\s*kept words</textarea>", answer.text)
    link = re.search(r'role="alert">.*?href="#([\w-]+)"', answer.text, re.S)
    assert link
    assert f'id="{link[1]}"' in answer.text


@pytest.mark.parametrize(
    ("action", "field"),
    [("note", "words"), ("message", "words"), ("ward", "ward"), ("spam", "reason")],
)
def test_what_staff_type_is_never_run(
    officer: Visitor, in_triage: str, action: str, field: str
) -> None:
    assert act(officer, in_triage, action, **{field: NASTY[:100]}).status_code == 303
    page = officer.get(f"/reports/{in_triage}").text
    assert "&lt;script&gt;" in page
    assert not re.search(r"<(script|img)", page)


def test_the_second_of_two_officers_sees_what_came_between_and_keeps_what_was_typed(
    officer: Visitor, in_triage: str, engine: Engine
) -> None:
    page = officer.get(f"/reports/{in_triage}").text
    casework.close(engine, in_triage, 2, "sam", "resolved_early", "k1", "It has stopped.")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    sent = {"csrf_token": token[1], "version": "2", "key": "k9", "words": "We visit on Friday."}
    answer = officer.client.post(f"/reports/{in_triage}/do/message", data=sent)
    assert answer.status_code == 409
    shown = words(answer.text)
    assert "Somebody changed this report while you had it open" in shown
    assert "Closed by sam: Resolved early, without formal action" in shown
    assert re.search(r">\s*We visit on Friday.</textarea>", answer.text)
    version = re.findall(r'name="version" value="(\d+)"', answer.text)
    assert set(version) == {"3"}  # so that sending it again works
    again = officer.client.post(
        f"/reports/{in_triage}/do/message", data={**sent, "version": version[0]}
    )
    assert again.status_code == 303
    for _ in range(2):  # and a double tap on top of it
        officer.client.post(f"/reports/{in_triage}/do/message", data={**sent, "version": "3"})
    assert officer.get(f"/reports/{in_triage}").text.count("We visit on Friday.") == 1


def test_words_for_a_move_that_is_of_no_use_any_more_are_kept(
    officer: Visitor, in_triage: str, engine: Engine
) -> None:
    token = re.search(r'name="csrf_token" value="([^"]+)"', officer.get("/reports").text)
    assert token
    casework.close(engine, in_triage, 2, "sam", "other", "k1", "It has stopped.")
    answer = officer.client.post(
        f"/reports/{in_triage}/do/close",
        data={"csrf_token": token[1], "version": "2", "key": "k2", "reason": "other",
              "words": "My long words"},
    )  # fmt: skip
    assert answer.status_code == 409
    assert re.search(r">\s*My long words</textarea>", answer.text)


@pytest.mark.parametrize("version", ["", "-1", "one", "9" * 40, "\u0661", "1; DROP TABLE reports"])
def test_a_version_that_no_page_sends_is_refused(
    officer: Visitor, save: Save, engine: Engine, version: str
) -> None:
    reference = save()
    assert act(officer, reference, "take", version=version).status_code == 400
    assert store.get(engine, reference).assignee == ""  # type: ignore[union-attr]


@pytest.mark.parametrize("action", ["unmerge", "transcript", "delete", "__init__", "Take"])
def test_there_is_no_other_action(officer: Visitor, save: Save, action: str) -> None:
    assert act(officer, save(), action, reason="x").status_code == 404


def test_a_report_that_is_not_there_cannot_be_changed(officer: Visitor) -> None:
    for path in ("do/take", "transcript"):
        answer = officer.post(f"/reports/SA-0000-0000/{path}", page="/reports", version=1)
        assert answer.status_code == 404
        assert "There is no report with that reference" in answer.text


def test_only_those_who_may_work_and_are_active_can_be_given_a_report(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    accounts.add(engine, "vi.viewer", PASSWORD, Role.VIEWER)
    accounts.add(engine, "sam.manager", PASSWORD, Role.MANAGER)
    accounts.add(engine, "gone.officer", PASSWORD, Role.OFFICER)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE staff_users SET active = false WHERE username = 'gone.officer'"
        )
    reference = save()
    page = officer.get(f"/reports/{reference}").text
    offered = re.search(r'<select id="assign-to".*?</select>', page, re.S)
    assert offered
    assert re.findall(r'value="([^"]*)"', offered[0]) == ["", "a.officer", "sam.manager"]
    for name in ("vi.viewer", "gone.officer"):
        assert act(officer, reference, "assign", to=name).status_code == 422
    assert act(officer, reference, "assign", to="sam.manager").status_code == 303
    assert act(officer, reference, "assign", to="").status_code == 303
    assert store.get(engine, reference).assignee == ""  # type: ignore[union-attr]


def test_following_is_a_button_that_turns_round(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    reference = save()
    act(officer, reference, "follow")
    page = officer.get(f"/reports/{reference}").text
    assert f'action="/reports/{reference}/do/unfollow"' in page
    assert f'action="/reports/{reference}/do/follow"' not in page
    act(officer, reference, "unfollow")
    assert following.followers(engine, reference) == []


def test_the_time_to_answer_is_said_in_words(officer: Visitor, save: Save, engine: Engine) -> None:
    reference = save()
    page = f"/reports/{reference}"
    assert "(three working days)." in words(officer.get(page).text)
    act(officer, reference, "priority", level="high", reason="a knife")
    assert "(24 hours, because the priority is high)." in words(officer.get(page).text)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE reports SET due_at = '2020-01-01 10:00:00'")
    assert "Overdue: it was due by Wednesday 1 January 2020, 10:00" in words(officer.get(page).text)
    act(officer, reference, "message", words="Sorry for the wait.")
    assert ", after it was due: Wednesday 1 January 2020, 10:00" in words(officer.get(page).text)


def test_only_a_manager_undoes_a_merge(
    officer: Visitor, signed_in: SignedIn, save: Save, engine: Engine
) -> None:
    one, other = save(), save()
    assert act(officer, one, "merge", into=other.lower().replace("-", " ")).status_code == 303
    assert f'href="/reports/{other}"' in officer.get(f"/reports/{one}").text
    assert "Merged into this one" in officer.get(f"/reports/{other}").text
    path = f"/reports/{one}/unmerge"
    assert officer.post(path, page=f"/reports/{one}").status_code == 403
    assert path not in officer.get(f"/reports/{one}").text
    manager = signed_in(Role.MANAGER)
    assert path in manager.get(f"/reports/{one}").text
    assert manager.post(path, page=f"/reports/{one}").status_code == 303
    assert store.get(engine, one).status is Status.NEW  # type: ignore[union-attr]


def test_a_possible_duplicate_is_shown_with_its_reason_and_merged_by_a_button(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    one, other = save(), save(description="Loud music until four in the morning again")
    page = officer.get(f"/reports/{one}").text
    assert "Because of: same place and kind, similar words." in words(page)
    assert f'name="into" value="{other}"' in page
    assert act(officer, one, "merge", into=other).status_code == 303
    assert "These may be of the same thing" not in officer.get(f"/reports/{other}").text
    with pytest.raises(Exception, match="merge_target_is_aside"):
        merging.merge(engine, other, 2, "sam", one)


def test_what_a_resident_adds_needs_a_look_until_somebody_does_something(
    officer: Visitor, engine: Engine
) -> None:
    from bot.reports import follow_up
    from tests.reports.test_store import REPORT

    receipt = store.save(engine, REPORT, "secret")
    page = f"/reports/{receipt.reference}"
    assert "Needs a look:" not in officer.get(page).text
    pair = receipt.reference, receipt.follow_up_code
    follow_up.add_message(engine, pair, "m1", "They are <b>back</b>")
    shown = officer.get(page).text
    assert "Needs a look:" in shown
    assert "They are &lt;b&gt;back" in shown
    act(officer, receipt.reference, "take")
    assert "Needs a look:" not in officer.get(page).text


def test_a_partner_is_given_only_what_the_report_holds(
    officer: Visitor, save: Save, engine: Engine, settings: Settings
) -> None:
    picture = pictures.encoded(pictures.drawn((30, 20)), "PNG")
    photos.keep(engine, settings.photos_dir, "conversation-1", picture)
    reference = save(details={"effect": "no sleep"})
    casework.move(engine, reference, 1, "sam", Status.TRIAGE)
    page = officer.get(f"/reports/{reference}").text
    offered = re.findall(r'name="shared" id="[^"]+" value="([^"]+)"', page)
    assert offered == ["description", "kind", "place", "time", "frequency", "effect", "photos"]
    answer = act(
        officer, reference, "referral", partner="police", consent="no_consent",
        shared=["effect", "photos"], reason="a child is at risk",
    )  # fmt: skip
    assert answer.status_code == 303
    assert read(engine, reference).passed_on[0].shared == ("effect", "photos")
    assert "Shared: How it affects you, Photos." in words(officer.get(f"/reports/{reference}").text)


@pytest.mark.parametrize("action", ["note", "message"])
def test_other_words_from_a_form_that_was_sent_before_are_not_lost(
    officer: Visitor, in_triage: str, engine: Engine, action: str
) -> None:
    # Who goes back in the browser has the old page with its key, and types on
    page = officer.get(f"/reports/{in_triage}").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    sent = {"csrf_token": token[1], "version": "2", "key": "k"}
    path = f"/reports/{in_triage}/do/{action}"
    for _ in range(2):
        first = officer.client.post(path, data={**sent, "words": "The first words"})
        assert first.status_code == 303
    other = officer.client.post(path, data={**sent, "words": "Quite other words"})
    after = officer.get(f"/reports/{in_triage}").text
    assert after.count("The first words") == 1
    if action == "note":
        assert "Quite other words" in after
    else:
        assert other.status_code == 409 and "Quite other words</textarea>" in other.text
