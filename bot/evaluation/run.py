"""What `assistant evaluate` does."""

import asyncio
import json
import os
import subprocess
from pathlib import Path

from bot.evaluation import unplaced
from bot.evaluation.figures import figures
from bot.evaluation.picture import draw
from bot.evaluation.report import describe
from bot.evaluation.scoring import score
from bot.evaluation.sentences import TO_SCORE, sentences, two_questions
from bot.reports.database import open_engine
from bot.reports.unplaced import falls_between
from bot.settings import ROOT, Settings
from bot.training import quiet


def evaluate(settings: Settings, output: Path | None = None, folder: Path = TO_SCORE) -> str:
    """Score every sentence of `folder`; write report, figures and picture to `output`/ when it is
    given.

    Returns the report. Messages of residents are named only in what is returned: what is written
    is committed.
    """
    quiet()
    commit = _commit()  # before the report is written, which changes the tree
    named = os.path.relpath(folder, ROOT)
    scored, pairs = asyncio.run(score(list(sentences(folder)), list(two_questions(folder))))
    if output:
        output.mkdir(parents=True, exist_ok=True)
        kept = describe(
            scored, pairs, named, commit, "Shown on the screen by `assistant evaluate`.\n"
        )
        (output / "README.md").write_text(kept, encoding="utf-8")
        (output / "figures.json").write_text(json.dumps(figures(scored, pairs), indent=2) + "\n")
        draw(scored, output / "confusion.png")
    return describe(scored, pairs, named, commit, unplaced.describe(_between(settings)))


def _between(settings: Settings) -> list[tuple[str, str, int]]:
    """Empty too when there is no database yet, or it cannot be reached."""
    return falls_between(open_engine(settings.database_url))


def _commit() -> str:
    shown = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return shown.stdout.strip() or "unknown"
