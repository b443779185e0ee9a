"""What the chat makes of the keys that some messages carry: docs/api.md. The replies are canned."""

import pytest

from tests.browser.canned import Canned, message
from tests.browser.test_chat import LIVE, fits, is_accessible, say, shown

pytestmark = [pytest.mark.model, pytest.mark.system, pytest.mark.browser]

WHERE = message("Where does it happen?", "Skip", progress={"step": 3, "of": 8, "asks": "place"})
STORY = message("Tell me more", progress={"step": 2, "of": 8, "asks": "description"})
LINES = [("What happened", "Loud music\nand shouting"), ("Where", "12 Hatfield Road")]
READ_BACK = message(
    "Please check what I have:\n\n"
    + "\n".join(f"• {label}: {value}" for label, value in LINES)
    + "\n\nMay we share your details? Shall I send it?",
    "Yes, send it",
    progress={"step": 8, "of": 8, "asks": "confirmed"},
    summary=[
        {"label": label, "value": value, "payload": f'/change_answer{{"f": "{label}"}}'}
        for label, value in LINES
    ]
    + [{"label": "Kind", "value": "Noise"}],
)
READ_BACK["text"] = READ_BACK["text"].replace("\n\nMay", "\n• Kind: Noise\n\nMay")
PAIR = {"reference": "SA-7K2M-9QXD", "follow_up_code": "ABCD-EFGH-JKLM"}
RECEIPT = message("Your report is saved. Your reference is SA-7K2M-9QXD.", receipt=PAIR)
ANSWER = message("The partners work together.", topic="ask_partners")


def spoken(page):
    """Starts to note what the live region says; returns how to read the notes."""
    page.evaluate(LIVE)
    return lambda: page.evaluate("window.spoken")


def test_a_question_shows_how_far_the_report_is_and_says_it_once(page, system):
    Canned(page, system.web, [WHERE])
    shown(page, "Hello").wait_for()
    heard = spoken(page)
    say(page, "I want to report noise")
    assert page.locator("#log .progress").inner_text() == "Question 3 of about 8"
    is_accessible(page)
    fits(page)
    assert [text.count("Question 3 of about 8") for text in heard()] == [1]


def test_what_is_read_back_is_a_list_with_a_button_for_each_line(page, system):
    canned = Canned(page, system.web, [READ_BACK], [WHERE])
    say_after_hello(page, "done")
    rows = page.locator("#log .summary > div")
    assert rows.count() == 3
    assert rows.nth(1).locator("dt, dd").first.inner_text() == "Where"
    assert "Loud music\nand shouting" in rows.nth(0).inner_text()
    assert rows.nth(2).get_by_role("button").count() == 0
    said = page.locator("#log .assistant").last.locator(".said").inner_text()
    assert said.count("12 Hatfield Road") == 1
    assert "Please check what I have:" in said
    assert "May we share your details?" in said
    is_accessible(page)
    fits(page)
    page.get_by_role("button", name="Change: Where", exact=True).click()
    shown(page, "Where does it happen?").wait_for()
    body = canned.sent("POST", "/c/messages")[-1]
    assert body["payload"] == '/change_answer{"f": "Where"}'
    old = page.get_by_role("button", name="Change: Where", exact=True)
    assert old.get_attribute("aria-disabled") == "true"


def say_after_hello(page, text):
    shown(page, "Hello").wait_for()
    say(page, text)


def test_the_receipt_can_be_copied_and_printed(page, system):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    Canned(page, system.web, [RECEIPT])
    say_after_hello(page, "yes")
    panel = page.get_by_role("group", name="Keep these safe")
    assert PAIR["reference"] in panel.inner_text()
    assert PAIR["follow_up_code"] in panel.inner_text()
    is_accessible(page)
    fits(page)
    panel.get_by_role("button", name="Copy").click()
    page.locator("#note").get_by_text("are copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == (
        "Your reference: SA-7K2M-9QXD\nYour follow-up code: ABCD-EFGH-JKLM"
    )
    page.evaluate("window.print = () => { window.printed = true; }")
    panel.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    assert panel.get_by_text(PAIR["reference"]).is_visible()
    assert shown(page, "Your report is saved").is_visible()
    assert not page.get_by_role("button", name="Print").is_visible()


def test_an_answer_can_be_rated_and_a_vote_changed(page, system):
    canned = Canned(page, system.web, [ANSWER])
    say_after_hello(page, "who are the partners?")
    useful = page.get_by_role("group", name="Was this useful?")
    assert not useful.get_by_label("What was missing?").is_visible()
    is_accessible(page)
    fits(page)
    useful.get_by_role("button", name="Yes").click()
    useful.get_by_text("Thank you").wait_for()
    useful.get_by_role("button", name="No").click()
    useful.get_by_label("What was missing?").fill("Their phone numbers")
    is_accessible(page)
    fits(page)
    page.keyboard.press("Enter")
    useful.get_by_text("noted what was missing").wait_for()
    kept = [(b["useful"], b["words"]) for b in canned.sent("POST", "/c/feedback")]
    assert kept == [(True, ""), (False, ""), (False, "Their phone numbers")]
    assert useful.get_by_role("button", name="No").get_attribute("aria-pressed") == "true"
    assert page.locator("#log .resident").count() == 1


def test_a_vote_that_was_not_saved_is_told(page, system):
    canned = Canned(page, system.web, [ANSWER])
    say_after_hello(page, "who are the partners?")
    canned.status["feedback"] = (422, {"error": {"code": "feedback", "message": "No"}})
    page.get_by_role("button", name="Yes").click()
    page.get_by_text("That was not saved").first.wait_for()


def photo(size=20, name="gate.jpg"):
    return {"name": name, "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff" + b"0" * size}


def test_a_photo_is_added_and_removed_while_a_report_is_told(page, system):
    canned = Canned(page, system.web, [STORY], [WHERE])
    shown(page, "Hello").wait_for()
    button = page.get_by_role("button", name="Add a photo")
    assert not button.is_visible()
    say(page, "report")
    with page.expect_file_chooser() as chosen:
        button.click()
    chosen.value.set_files(photo())
    shown(page, "Photo 1 added").wait_for()
    is_accessible(page)
    fits(page)
    page.reload()
    shown(page, "Photo 1 added").wait_for()
    page.get_by_role("button", name="Remove photo 1").click()
    shown(page, "Photo 1 added").wait_for(state="detached")
    assert canned.sent("DELETE", "/c/photos/p1") == [None]
    say(page, "noise")
    assert not button.is_visible()


def test_a_photo_that_is_too_large_is_told_before_it_is_sent(page, system):
    canned = Canned(page, system.web, [STORY])
    say_after_hello(page, "report")
    page.locator("#photo").set_input_files(photo(10 * 1024 * 1024))
    page.locator("#note").get_by_text("over 10 MB").wait_for()
    assert canned.sent("POST", "/c/photos") == []


def test_a_refused_photo_is_told_in_the_servers_words(page, system):
    canned = Canned(page, system.web, [STORY])
    say_after_hello(page, "report")
    said = "That is not a photo I can read."
    canned.status["photos"] = (422, {"error": {"code": "photo", "message": said}})
    page.locator("#photo").set_input_files(photo())
    page.locator("#log .photo").get_by_text(said).wait_for()


@pytest.mark.parametrize(
    ("asking", "length", "told"),
    [
        (WHERE, 799, ""),
        (WHERE, 800, "200 characters"),
        (WHERE, 1001, "send it as it is"),
        (WHERE, 4000, "1,000 characters left"),
        (STORY, 1001, ""),
        (STORY, 4000, "1,000 characters left"),
        (STORY, 5001, "1 characters too long"),
    ],
)
def test_the_counter_tells_in_time_and_only_the_real_limit_refuses(
    page, system, asking, length, told
):
    canned = Canned(page, system.web, [asking], [WHERE])
    say_after_hello(page, "report")
    page.get_by_role("textbox").fill("x" * length)
    note = page.locator("#note")
    assert told in note.inner_text() if told else note.inner_text() == ""
    if length > 5000:
        page.keyboard.press("Enter")
        assert page.get_by_role("textbox").input_value() == "x" * length
    else:
        with page.expect_response("**/messages"):
            page.keyboard.press("Enter")
        assert canned.sent("POST", "/c/messages")[-1]["text"] == "x" * length
