"""What the tests of the plain form share: answers, and reading a page."""

import html
import re

ANSWERS = {
    "key": "k" * 32, "kind": "noise", "description": "Drums", "place": "Sandridge",
    "time": "Friday", "frequency": "weekly", "identity": "anonymous",
}  # fmt: skip
NAMED = {"identity": "named", "name": "Jo Bloggs", "contact": "07700 900123"}


def hidden(page):
    """The hidden fields of a page, as a browser would post them."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def rows(page):
    """What "Check your answers" says, by label."""
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", page, re.S)
    return {html.unescape(label): html.unescape(value) for label, value in found}


def value_of(page, name):
    """What an input or text area of the form is filled with."""
    box = re.search(rf'<input[^>]*name="{name}"[^>]*type="text"[^>]*value="([^"]*)"', page)
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\r?\n?(.*?)</textarea>', page, re.S)
    return html.unescape((box or area)[1])


def chosen(page, name):
    """The radio of the form that is chosen, or None."""
    for tag in re.findall(rf'<input[^>]*name="{name}"[^>]*>', page):
        if re.search(r"\bchecked\b", tag):
            return html.unescape(re.search(r'value="([^"]*)"', tag)[1])
    return None
