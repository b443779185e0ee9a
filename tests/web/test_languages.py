"""The words of the site in six languages: whole catalogues, and a choice that is never forced."""

import html
import io
import os
import re
from datetime import date
from functools import cache

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.settings import ROOT
from bot.web.app import create_app
from bot.web.languages import CODES, FOLDER, long_day

OTHERS = [code for code in CODES if code != "en"]
HOLES = re.compile(r"\[[a-z0-9-]+\]|\{\w+\}|%\(\w+\)s|\d[\d,.-]*\d|WCAG|SA-7K2M-9QXD|JSON|UUID")


def catalogue(code):
    with (FOLDER / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=code)


@cache
def extracted():
    """(file, text) for all that babel.cfg finds."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    here = os.getcwd()
    os.chdir(ROOT)
    try:
        found = [(path, text) for path, _, text, *_ in extract_from_dir(".", methods, options)]
    finally:
        os.chdir(here)
    assert any("Leave this site" in text for _, text in found)
    assert any("[emergency]" in text for _, text in found)
    return found


@pytest.mark.parametrize("code", OTHERS)
def test_no_text_of_the_pages_is_missing(code):
    known = catalogue(code)
    missing = {}
    for path, text in extracted():
        entry = known.get(text)
        whole = entry and (all(entry.string) if isinstance(entry.string, tuple) else entry.string)
        if not whole:
            missing.setdefault(path, []).append(text if isinstance(text, str) else text[0])
    told = "\n".join(f"{path}: {text!r}" for path, texts in missing.items() for text in texts)
    assert not missing, f"run make translations, then put these into {code}:\n{told}"


@pytest.mark.parametrize("code", OTHERS)
def test_the_compiled_catalogue_is_that_of_the_text(code):
    made = io.BytesIO()
    write_mo(made, catalogue(code))
    kept = (FOLDER / code / "LC_MESSAGES" / "messages.mo").read_bytes()
    assert made.getvalue() == kept, "run make translations"


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_keeps_numbers_names_and_places_to_fill(code):
    digits = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
    for entry in catalogue(code):
        if not entry.id or isinstance(entry.id, tuple) or not entry.string:
            continue
        plain = re.sub(r"(\d)[,.\u00a0 ](\d{3})\b", r"\1\2", entry.id)
        same = re.sub(r"(\d)[,.\u00a0 ](\d{3})\b", r"\1\2", entry.string.translate(digits))
        assert sorted(HOLES.findall(same)) == sorted(HOLES.findall(plain)), entry.string


@pytest.mark.parametrize("code", OTHERS)
def test_a_chosen_language_is_kept_and_told_to_screen_readers(client, code):
    reply = client.post("/language", data={"language": code, "back": "/my-report"})
    assert (reply.status_code, reply.location) == (303, "/my-report")
    page = html.unescape(client.get("/my-report").text)
    known = catalogue(code)
    assert f'<html lang="{code}">' in page
    assert known["Show my report"].string in page
    told = html.unescape(client.post("/my-report", data={}).text)
    assert known["Enter your reference"].string in told
    assert "No native speaker has checked the texts on this page yet" in page
    assert f'value="{code}" lang="{code}" aria-current="true"' in page


def test_an_error_is_told_in_the_chosen_language(client):
    client.post("/language", data={"language": "it"})
    known = catalogue("it")["Sorry, there is no page here."].string
    assert known in html.unescape(client.get("/no-such-page").text)
    assert known in client.get("/api/conversations/x/y").json["error"]["message"]


def test_english_is_the_beginning_and_the_browsers_language_is_only_offered(client):
    page = client.get("/privacy", headers={"Accept-Language": "pl-PL,en;q=0.5"}).text
    assert '<html lang="en-GB">' in page
    assert "Polski?</button>" in page
    client.post("/language", data={"language": "en"})
    page = client.get("/privacy", headers={"Accept-Language": "pl-PL"}).text
    assert "Polski?" not in page


@pytest.mark.parametrize("accepts", ["en-GB,pl;q=0.9", "de", ""])
def test_nothing_is_offered_to_who_reads_english_or_what_we_do_not_have(client, accepts):
    assert "?</button>" not in client.get("/privacy", headers={"Accept-Language": accepts}).text


def test_a_language_that_we_do_not_have_changes_nothing(client):
    client.post("/language", data={"language": "xx"})
    assert '<html lang="en-GB">' in client.get("/privacy").text


@pytest.mark.parametrize(
    ("back", "leads"),
    [
        ("/about", "/about"),
        ("/my-report/add", "/my-report"),
        ("/no-such-page", "/"),
        ("//evil.example/x", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_is_a_page_of_this_site(client, back, leads):
    reply = client.post("/language", data={"language": "pl", "back": back})
    assert reply.location == leads


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", "Friday 20 November 2026"), ("pl", "piątek, 20 listopada 2026"),
        ("it", "venerdì 20 novembre 2026"), ("bn", "শুক্রবার, 20 নভেম্বর, 2026"),
        ("ro", "vineri, 20 noiembrie 2026"), ("pt", "sexta-feira, 20 de novembro de 2026"),
    ],
)  # fmt: skip
def test_days_are_written_in_the_language(settings, engine, code, words):
    app = create_app(settings, engine)
    with app.test_request_context():
        from flask import session

        session["language"] = code
        assert long_day(date(2026, 11, 20)) == words
