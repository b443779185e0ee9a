"""`python -m benchmarks.pages`: Lighthouse on the residents' pages, as a slow phone sees them."""

import json
import shutil
import subprocess
import sys
import time

from benchmarks import ours
from benchmarks.machine import described
from benchmarks.paths import BENCH, ROOT, copy_project, fresh
from benchmarks.running import Failed

LIGHTHOUSE = "lighthouse@12.8.2"  # from npm, by npx
PAGES = ("", "talk", "report", "my-report", "privacy", "about")
SCORES = ("performance", "accessibility", "best-practices")
TIMINGS = ("first-contentful-paint", "largest-contentful-paint", "interactive")
RESULTS = ROOT / "benchmarks" / "pages.md"
CHROME = "--headless=new --no-sandbox --disable-gpu --disable-quic"


def main() -> None:
    """Measure each page once; the table goes to the screen and to pages.md."""
    chromium = shutil.which("chromium") or sys.exit("chromium is missing: apt-get install chromium")
    copy_project()
    reports = fresh(BENCH / "pages")
    lines = ["| page | performance | accessibility | best practices | first paint | largest paint "
             "| usable | kB sent |", "|---|---|---|---|---|---|---|---|"]  # fmt: skip
    try:
        with ours.served() as address:
            for page in PAGES:
                target = reports / f"{page or 'chat'}.json"
                subprocess.run(
                    ["npx", "--yes", LIGHTHOUSE, f"{address}/{page}", "--quiet",
                     "--output=json", f"--output-path={target}", f"--chrome-flags={CHROME}",
                     "--only-categories=performance,accessibility,best-practices"],
                    env={"CHROME_PATH": chromium, "PATH": "/usr/local/bin:/usr/bin:/bin"},
                    check=True, timeout=240, cwd=reports,
                )  # fmt: skip
                lines.append(_row(page, json.loads(target.read_text(encoding="utf-8"))))
    except Failed as error:
        sys.exit(str(error))
    table = "\n".join(lines)
    head = f"# The pages on a slow phone\n\n{time.strftime('%Y-%m-%d %H:%M')}. {described()}."
    note = f"{LIGHTHOUSE}, its default phone: 4 times slower processor, 1.6 Mbit/s, 150 ms."
    RESULTS.write_text(f"{head} {note}\n\n{table}\n", encoding="utf-8")
    print(f"\n{table}\n\nWritten to {RESULTS}")


def _row(page: str, report: dict) -> str:  # type: ignore[type-arg]
    scores = [f"{report['categories'][name]['score'] * 100:.0f}" for name in SCORES]
    audits = report["audits"]
    seconds = [f"{audits[name]['numericValue'] / 1000:.2f} s" for name in TIMINGS]
    sent = f"{audits['total-byte-weight']['numericValue'] / 1024:.0f}"
    return f"| /{page} | {' | '.join([*scores, *seconds, sent])} |"


if __name__ == "__main__":
    main()
