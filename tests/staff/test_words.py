"""The words of the staff site: none that no page says, and none that a page asks for in vain."""

import ast
import re
from itertools import chain
from pathlib import Path

from bot.staff.labels import labels

ROOT = Path(__file__).parent.parent.parent
CODE = {
    path: path.read_text(encoding="utf-8")
    for folder in ("bot", "actions")
    for path in (ROOT / folder).rglob("*.py")
}
STAFF = [source for path, source in CODE.items() if ROOT / "bot" / "staff" in path.parents]
TEMPLATES = [
    path.read_text(encoding="utf-8") for path in (ROOT / "bot/staff/templates").rglob("*.html")
]
QUOTED = re.compile(r""""([^"\n]*)"|'([^'\n]*)'""")
ASKED_FOR = re.compile(r"""\blabel\(\s*["'](\w+)["'],\s*["'](\w+)["']\s*\)""")
GROUP = re.compile(r"""\blabel\(\s*["'](\w+)["']""")
# Made from other names: "no_move_from_" and a status, "new" and "_subject", marks with commas
MADE = re.compile(r"^no_move_from_|_subject$|,")
# Offered or shown as they stand in the file, whatever is in them
WHOLE = {"opening_reason", "layouts", "problems", "near"}


def said_in_code() -> set[str]:
    """Every string, number and name of a field in the code; in templates, what stands in quotes
    or after a dot."""
    found: set[str] = set()
    for node in chain.from_iterable(ast.walk(ast.parse(source)) for source in CODE.values()):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int):
            found.add(str(node.value))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    for source in TEMPLATES:
        found.update(chain.from_iterable(QUOTED.findall(source)))
        found.update(re.findall(r"\.(\w+)", source))
    return found


def test_every_word_is_said_somewhere() -> None:
    said = said_in_code()
    unsaid = [
        f"{group}.{key}"
        for group, words in labels().items()
        for key in words
        if group not in WHOLE and str(key) not in said and not MADE.search(str(key))
    ]
    assert not unsaid


def test_every_group_of_words_is_asked_for() -> None:
    said = said_in_code() | {str(group) for group in labels()["detail_of"].values()}
    assert not labels().keys() - said


def test_every_word_that_a_page_asks_for_is_there() -> None:
    for source in (*STAFF, *TEMPLATES):
        for group in GROUP.findall(source):
            assert group == "kind" or group in labels(), group
        for group, key in ASKED_FOR.findall(source):
            assert group == "kind" or key in map(str, labels()[group]), f"{group}.{key}"
