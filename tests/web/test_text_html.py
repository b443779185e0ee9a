"""Messages as HTML without script: what becomes a link, and that no tag but ours comes out."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import load_register
from bot.answers.text_html import long_date, writer

OURS = {"p": set(), "br": set(), "ul": set(), "li": set(), "a": {"href"}}
PHONES = [c.value for c in load_register().contacts.values() if c.kind == "phone"]
rich = writer(PHONES)
PIECES = [
    "<script>", "</p>", "<img src=x onerror=alert(1)>", '"', "'", "&amp;", "&", "<", ">", "\n",
    "\n\n", "• ", "https://a.b/?x=\"><b>", "www.x.y'onclick=", "javascript:alert(1)", "a@b.c",
    "101", "999", "01727 866100", "+44 1727 866100", "116 123", "(", ")", ".", " ", "\u202e",
    "\x00", "SA-101", "é",
]  # fmt: skip


class Read(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.text = [], [], ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8))).map("".join))
def test_no_tag_but_ours_comes_out_and_no_word_is_lost(text):
    read = Read(str(rich(text)))
    for tag, attributes in read.tags:
        assert set(attributes) == OURS[tag]
        if tag == "a":
            assert re.match(r"(?:https?://|mailto:|tel:)", attributes["href"])
    assert read.open == []
    left_out = re.compile(r"[\s•]")
    assert left_out.sub("", read.text) == left_out.sub("", text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One\ntwo\n\nthree", "<p>One<br>two</p><p>three</p>"),
        ("So:\n• a\n• b\nend", "<p>So:</p><ul><li>a</li><li>b</li></ul><p>end</p>"),
        ("Call 101.", '<p>Call <a href="tel:101">101</a>.</p>'),
        ("101 High Street", "<p>101 High Street</p>"),
        ("SA-101 and 1.101 and 55", "<p>SA-101 and 1.101 and 55</p>"),
        ("18001 101", '<p><a href="tel:18001101">18001 101</a></p>'),
        ("ring 07700 900123", '<p>ring <a href="tel:07700900123">07700 900123</a></p>'),
        ("a.b@c.org.uk,", '<p><a href="mailto:a.b@c.org.uk">a.b@c.org.uk</a>,</p>'),
        ("(www.x.org)", '<p>(<a href="https://www.x.org">www.x.org</a>)</p>'),
        ("http://x.org/(a)", '<p><a href="http://x.org/(a)">http://x.org/(a)</a></p>'),
        ("http://x/?a&b", '<p><a href="http://x/?a&amp;b">http://x/?a&amp;b</a></p>'),
        ("", ""),
    ],
)
def test_paragraphs_lists_and_links(text, html):
    assert rich(text) == html


def test_a_day_is_written_out():
    assert long_date("2019-06-07") == "7 June 2019"
    assert long_date("last year") == "last year"
