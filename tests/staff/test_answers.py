"""Changing answers on the staff site: rights, the second person, stale forms, and bad input."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy.engine import Engine

from bot.publishing import fields as kept
from bot.publishing import versions
from bot.publishing.fields import Subject
from bot.publishing.live import files
from bot.staff.rights import Role

from .conftest import USERNAME, Visitor

ANSWER = Subject("answer", "rough-sleeper")
HERE = "/answers/answer/rough-sleeper"
COUNCIL = Subject("contact", "council")
CONTACT = "/answers/contact/council"
SignIn = Callable[[Role], Visitor]
NASTY = "<script>alert(1)</script>'; DROP TABLE answer_versions; --"


def typed(subject: Subject = ANSWER, **changed: str) -> dict[str, str]:
    """The form as the page fills it, with some fields changed."""
    fields = kept.of(files(), subject)
    if subject.kind == "contact":
        return {**fields, "note": "", **changed}
    form = {name: fields[name] for name in ("title", "text", "review_by", "owner")}
    for index, button in enumerate(fields["buttons"]):
        form[f"button-{index}"] = button["title"]
    for index, source in enumerate(fields["sources"]):
        form |= {f"source-{index}": source["contact"], f"reviewed-{index}": source["reviewed"]}
    return {**form, "note": "", **changed}


def save(visitor: Visitor, here: str = HERE, **changed: str):
    subject = ANSWER if here == HERE else COUNCIL
    return visitor.post(f"{here}/edit", **typed(subject, **changed))


def publish(visitor: Visitor, here: str = HERE, **changed: str):
    return visitor.post(f"{here}/publish", page=here, **changed)


def live(engine: Engine, subject: Subject = ANSWER) -> kept.Fields:
    return kept.of(kept.over(files(), versions.published(engine)), subject)


# The bad side


def test_a_viewer_cannot_see_and_an_officer_cannot_publish(
    officer: Visitor, signed_in: SignIn, engine: Engine
) -> None:
    viewer = signed_in(Role.VIEWER)
    for path in ("/answers", HERE, f"{HERE}/edit", "/answers/links"):
        assert viewer.get(path).status_code == 403
    save(signed_in(Role.MANAGER), title="New title")
    assert "Publish this draft" not in officer.get(HERE).text
    assert publish(officer, number="1", live="0").status_code == 403
    assert versions.published(engine) == {}


def test_the_writer_cannot_publish_by_posting_directly(signed_in: SignIn, engine: Engine) -> None:
    manager = signed_in(Role.MANAGER)
    save(manager, title="Mine")
    assert "Publish this draft" not in manager.get(HERE).text
    refused = publish(manager, number="1", live="0")
    assert refused.status_code == 422 and "somebody else has to publish" in refused.text
    assert versions.published(engine) == {}


@pytest.mark.parametrize("path", ["answer/no-such", "contact/no-such", "message/utter_x", "x/y"])
@pytest.mark.parametrize("tail", ["", "/edit", "/versions/0"])
def test_what_is_not_there_is_not_found(officer: Visitor, path: str, tail: str) -> None:
    assert officer.get(f"/answers/{path}{tail}").status_code == 404


@pytest.mark.parametrize("tail", ["versions/7", "edit?from=7"])
def test_a_version_of_another_answer_is_not_found(officer: Visitor, tail: str) -> None:
    save(officer, title="New title")
    assert officer.get(f"{HERE}/{tail}").status_code == 404
    assert officer.get(f"/answers/answer/prevent/{tail.replace('7', '1')}").status_code == 404


BAD = {
    "title": [("", "Fill this in"), ("a" * 201, "at most 200"), ("{asb_name}", "curly brackets"),
              ("Call 01727 866100", "Take out")],
    "text": [("", "Fill this in"), ("Call [emergency] [nobody]", "no contact called nobody"),
             ("Call [emergency] or 01727 866100.", "01727 866100"),
             ("Call [emergency] or 101.", "“101”"), ("[emergency] www.example.org", "www.example"),
             ("[emergency] https://example.org/x", "https://example.org/x"),
             ("[emergency] a@example.org", "a@example.org"),
             ("Call nobody.", "[emergency]"), ("[emergency] {slot}", "curly brackets"),
             ("[emergency] {", "curly brackets")],
    "review_by": [("", "Give a date"), ("soon", "Give a date"), ("2020-01-01", "after today"),
                  ("2099-01-01", "within three years")],
    "owner": [("", "Fill this in"), ("x" * 201, "at most 200")],
    "button-0": [("", "Fill this in"), ("x" * 61, "at most 60"), ("{", "curly")],
    "source-0": [("no-such", "no contact called no-such")],
    "reviewed-0": [("", "Give a date"), ("2099-01-01", "still to come")],
    "note": [("x" * 501, "at most 500")],
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [(field, value, told) for field, cases in BAD.items() for value, told in cases],
)
def test_what_is_wrong_is_told_and_what_was_typed_is_kept(
    officer: Visitor, engine: Engine, field: str, value: str, told: str
) -> None:
    answer = save(officer, **({"owner": "Kept team"} | {field: value}))
    assert answer.status_code == 422
    assert told in answer.text and f'href="#{field}"' in answer.text
    assert f'id="{field}-wrong"' in answer.text
    if field != "owner":
        assert "Kept team" in answer.text
    assert versions.drafts(engine) == {}


def test_an_answer_with_sources_cannot_lose_them_all(officer: Visitor) -> None:
    empty = {f"{name}-{i}": "" for name in ("source", "reviewed") for i in range(2)}
    assert "at least one source" in save(officer, **empty).text


@pytest.mark.parametrize("topic", ["emergency", "suicide-and-self-harm", "emergency-in-polish"])
def test_an_answer_about_danger_always_names_the_emergency_number(
    officer: Visitor, topic: str, engine: Engine
) -> None:
    subject = Subject("answer", topic)
    form = typed(subject, text="Call [samaritans] now.")
    answer = officer.post(f"/answers/answer/{topic}/edit", **form)
    assert answer.status_code == 422 and "has to name the emergency number" in answer.text
    assert versions.drafts(engine) == {}


def test_a_draft_that_does_not_pass_is_not_published(signed_in: SignIn, engine: Engine) -> None:
    bad = {**kept.of(files(), ANSWER), "text": "No number here."}
    versions.save_draft(engine, ANSWER, 0, bad, USERNAME, "")  # as if the checks were older
    answer = publish(signed_in(Role.MANAGER), number="1", live="0")
    assert answer.status_code == 422 and "does not pass the checks" in answer.text
    assert versions.published(engine) == {}


def test_nor_is_it_gone_back_to(signed_in: SignIn, engine: Engine) -> None:
    bad = {**kept.of(files(), ANSWER), "text": "No number here."}
    versions.publish(engine, ANSWER, versions.save_draft(engine, ANSWER, 0, bad, "x", ""), 0, "y")
    versions.roll_back(engine, ANSWER, 0, 1, "y")
    manager = signed_in(Role.MANAGER)
    answer = manager.post(f"{HERE}/roll-back", page=HERE, to="1", live="2")
    assert answer.status_code == 422 and live(engine)["text"] != "No number here."


def test_html_and_sql_in_every_field_is_shown_as_text(
    officer: Visitor, signed_in: SignIn, engine: Engine
) -> None:
    nasty = NASTY.replace("{", "")
    fields = {"title": nasty, "text": f"[emergency] {nasty}", "owner": nasty, "note": nasty,
              "button-0": nasty[:60], "button-1": nasty[:60]}  # fmt: skip
    assert save(officer, **fields).status_code == 303
    manager = signed_in(Role.MANAGER)
    publish(manager, number="1", live="0")
    for path in ("/answers", HERE, f"{HERE}/edit", f"{HERE}/versions/1", "/asked", "/unplaced"):
        page = manager.get(path).text
        assert "<script" not in page, path
    assert live(engine)["title"] == nasty
    save(manager, title="<b>x</b>", seen="1")
    manager.post(f"{HERE}/reject", page=HERE, number="2", reason=NASTY)
    assert "<script" not in manager.get(HERE).text and "<b>x" not in manager.get(HERE).text


def test_fifty_thousand_characters_are_refused_and_given_back(officer: Visitor) -> None:
    answer = save(officer, text="[emergency] " + "word " * 10_000)
    assert answer.status_code == 422
    assert "at most 5,000 characters" in answer.text and "word word" in answer.text


def test_more_than_the_site_takes_is_refused(officer: Visitor, engine: Engine) -> None:
    assert save(officer, text="x" * 500_000).status_code == 413
    assert versions.drafts(engine) == {}


def test_characters_that_cannot_be_seen_are_taken_out(officer: Visitor, engine: Engine) -> None:
    save(officer, title="New\x00 \u202etitle", text="[emergency]\r\n\r\nNew\x07 text")
    fields = versions.drafts(engine)[ANSWER].fields
    assert (fields["title"], fields["text"]) == ("New title", "[emergency]\n\nNew text")


def test_a_draft_that_changes_nothing_is_not_kept(officer: Visitor, engine: Engine) -> None:
    answer = save(officer)
    assert answer.status_code == 422 and "Nothing is different" in answer.text
    assert versions.drafts(engine) == {}


def test_a_second_editor_sees_what_changed_and_loses_nothing(
    officer: Visitor, signed_in: SignIn, engine: Engine
) -> None:
    manager = signed_in(Role.MANAGER)
    form = typed(title="Theirs", seen="0", begun="0")
    save(officer, title="First of all")
    stale = manager.post(f"{HERE}/edit", page=f"{HERE}/edit", **form)
    assert stale.status_code == 409
    assert f"{USERNAME} was first" in stale.text and "<ins>First of all</ins>" in stale.text
    assert 'value="Theirs"' in stale.text
    again = re.search(r'name="seen" value="(\d+)"', stale.text)
    assert again and again[1] == "1"
    assert manager.post(f"{HERE}/edit", **{**form, "seen": "1", "begun": "1"}).status_code == 303
    assert versions.drafts(engine)[ANSWER].fields["title"] == "Theirs"
    assert versions.history(engine, ANSWER)[1].fields["title"] == "First of all"


@pytest.mark.parametrize("seen", ["", "-1", "x", "9" * 30, "²"])
def test_a_form_with_a_forged_version_is_told_that_it_is_old(officer: Visitor, seen: str) -> None:
    assert save(officer, title="New", seen=seen).status_code == 409


def test_a_forged_beginning_does_not_hide_who_wrote_what(
    officer: Visitor, signed_in: SignIn, engine: Engine
) -> None:
    save(officer, title="Mine")
    assert save(signed_in(Role.MANAGER), title="Ours", begun="77").status_code == 303
    assert versions.writers(versions.history(engine, ANSWER), 2) == {USERNAME, "a.manager.too"}


def test_publishing_a_draft_that_was_changed_meanwhile_is_refused(
    officer: Visitor, signed_in: SignIn, engine: Engine
) -> None:
    save(officer, title="One")
    manager = signed_in(Role.MANAGER)
    save(officer, title="Two")
    answer = publish(manager, number="1", live="0")
    assert answer.status_code == 409 and "no longer there" in answer.text
    assert versions.published(engine) == {}


def test_sending_back_needs_a_reason(officer: Visitor, signed_in: SignIn, engine: Engine) -> None:
    save(officer, title="One")
    manager = signed_in(Role.MANAGER)
    for reason, told in ((" ", "Say why"), ("x" * 501, "shorter")):
        answer = manager.post(f"{HERE}/reject", page=HERE, number="1", reason=reason)
        assert answer.status_code == 422 and told in answer.text
    assert ANSWER in versions.drafts(engine)


def test_nobody_takes_back_the_draft_of_another(
    officer: Visitor, signed_in: SignIn, engine: Engine
) -> None:
    save(officer, title="One")
    other = signed_in(Role.OFFICER)
    assert other.post(f"{HERE}/withdraw", page=HERE, number="1").status_code == 422
    assert ANSWER in versions.drafts(engine)
    assert officer.post(f"{HERE}/withdraw", page=HERE, number="1").status_code == 303
    assert versions.drafts(engine) == {}


CONTACT_BAD = [
    ("council", "value", "01727 86610", "no UK phone number"),
    ("council", "value", "call us", "no UK phone number"),
    ("council", "value", "<b>01727 866100</b>", "no UK phone number"),
    ("council", "value", "", "Fill this in"),
    ("council", "label", "", "Fill this in"),
    ("council", "hours", "x" * 201, "at most 200"),
    ("council", "review_by", "2020-01-01", "after today"),
    ("council", "reviewed", "2099-01-01", "still to come"),
    ("emergency", "value", "101", "cannot be changed here"),
    ("emergency", "value", "", "cannot be changed here"),
    ("asb-email", "value", "asb at stalbans", "no email address"),
    ("council-asb", "value", "http://www.stalbans.gov.uk/", "begins with https"),
    ("council-asb", "value", "javascript:alert(1)", "begins with https"),
    ("council-asb", "value", 'https://x.org/"><script>', "begins with https"),
    ("csp-page", "value", "www.stalbans.gov.uk", "begins with https"),
]


@pytest.mark.parametrize(("name", "field", "value", "told"), CONTACT_BAD)
def test_a_contact_that_is_wrong_is_refused(
    officer: Visitor, engine: Engine, name: str, field: str, value: str, told: str
) -> None:
    form = typed(Subject("contact", name), **{field: value})
    answer = officer.post(f"/answers/contact/{name}/edit", **form)
    assert answer.status_code == 422 and told in answer.text
    assert versions.drafts(engine) == {}


# The good side


@pytest.mark.parametrize("value", ["101", "116 123", "18001 101", "01727 859113", "0800 789 321"])
def test_a_number_that_can_be_dialled_is_taken(officer: Visitor, value: str) -> None:
    assert save(officer, CONTACT, value=value).status_code == 303


def test_a_draft_is_compared_published_and_brought_back(
    officer: Visitor, signed_in: SignIn, engine: Engine
) -> None:
    old = live(engine)["title"]
    assert save(officer, title="Help tonight", note="Clearer").status_code == 303
    assert live(engine)["title"] == old
    manager = signed_in(Role.MANAGER)
    page = manager.get(HERE).text
    assert "Clearer" in page and "<ins>" in page and "<del>" in page
    assert publish(manager, number="1", live="0").status_code == 303
    assert live(engine)["title"] == "Help tonight"
    assert "Help tonight" in officer.get("/answers").text
    back = manager.post(f"{HERE}/roll-back", page=HERE, to="0", live="1")
    assert back.status_code == 303 and live(engine)["title"] == old
    history = manager.get(HERE).text
    assert f"Written by {USERNAME}, published by a.manager.too" in history
    assert "Back to the file" in history


def test_a_changed_number_is_in_the_preview_of_every_answer_that_names_it(
    officer: Visitor, signed_in: SignIn
) -> None:
    officer.post("/answers/contact/open-door/edit",
                 **typed(Subject("contact", "open-door"), value="01727 859114"))  # fmt: skip
    here = "/answers/contact/open-door"
    assert "Help for someone sleeping rough" in officer.get(here).text
    assert "01727 859114" not in officer.get(HERE).text
    assert publish(signed_in(Role.MANAGER), here, number="1", live="0").status_code == 303
    assert 'href="tel:01727859114"' in officer.get(HERE).text


def test_the_preview_is_what_the_chat_says_and_saves_nothing(
    officer: Visitor, engine: Engine
) -> None:
    text = "Call [emergency].\n\n• one\n• two & <three>"
    page = save(officer, text=text, do="preview").text
    assert '<p>Call <a href="tel:999">999</a>.</p>' in page
    assert "<li>one</li><li>two &amp; &lt;three&gt;</li>" in page
    assert "reviewed <time" in page and "Is it an emergency?" in page
    assert versions.drafts(engine) == {}


def test_hints_do_not_stand_in_the_way(officer: Visitor) -> None:
    text = "[emergency] " + "Multidisciplinary organisational considerations notwithstanding. " * 18
    page = save(officer, text=text, do="preview").text
    assert "long for the chat" in page and "hard to read" in page
    assert save(officer, text=text).status_code == 303


def test_a_rejected_draft_can_be_begun_again_by_its_writer(
    officer: Visitor, signed_in: SignIn, engine: Engine
) -> None:
    save(officer, title="Not quite")
    manager = signed_in(Role.MANAGER)
    manager.post(f"{HERE}/reject", page=HERE, number="1", reason="Say where")
    assert "Say where" in officer.get(HERE).text
    assert 'value="Not quite"' in officer.get(f"{HERE}/edit?from=1").text
    again = officer.post(f"{HERE}/edit", page=f"{HERE}/edit?from=1", **typed(title="Better"))
    assert again.status_code == 303
    assert versions.drafts(engine)[ANSWER].based_on == 1


def test_the_list_shows_what_is_due_has_a_draft_or_an_owner(officer: Visitor) -> None:
    save(officer, owner="Another team")
    shown = officer.get("/answers?show=draft").text
    assert "Help for someone sleeping rough" in shown and "Worried about" not in shown
    assert "Help for someone" in officer.get("/answers?owner=Community+Safety+Team").text
    assert officer.get("/answers?show=nonsense").status_code == 404
    found = officer.get("/answers?find=SLEEPING+rough").text
    assert "Help for someone sleeping rough" in found and "/answers/answer/prevent" not in found
    assert "No answer or contact is in this list" in officer.get("/answers?find=%3Cb%3E").text


def test_what_is_overdue_or_soon_due_is_listed(officer: Visitor, engine: Engine) -> None:
    from datetime import date, timedelta

    for subject, days in ((ANSWER, -1), (COUNCIL, 20)):
        day = (date.today() + timedelta(days=days)).isoformat()
        fields = {**kept.of(files(), subject), "review_by": day}
        versions.publish(engine, subject, versions.save_draft(
            engine, subject, 0, fields, "x", ""), 0, "y")  # fmt: skip
    overdue, soon = (officer.get(f"/answers?show={show}").text for show in ("overdue", "soon"))
    assert "Help for someone" in overdue and "St Albans City and District Council</a>" in soon
    assert "Help for someone" not in soon


def test_every_answer_and_contact_has_a_page_and_a_form(officer: Visitor) -> None:
    for index, subject in enumerate(kept.subjects(files())):
        path = f"/answers/{subject.kind}/{subject.name}" + ("/edit" if index % 2 else "")
        assert officer.get(path).status_code == 200, path
