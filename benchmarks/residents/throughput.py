"""`python -m benchmarks.residents.throughput`: messages a second by so many workers.

Residents who do not think, on PostgreSQL and Redis, by 1, 2 and 4 workers of each part. On one
machine, which Locust and the databases share: what another core would bring, not another machine.
"""

import argparse
import csv
import os
import sys
import time

from benchmarks.machine import described
from benchmarks.paths import BENCH, copy_project, fresh
from benchmarks.residents.__main__ import FOLDER, MOST_WORKERS, _run, _served
from benchmarks.running import Failed

RESULTS, PICTURE = FOLDER / "throughput.md", FOLDER / "throughput.png"
RESIDENTS = 16


def main() -> None:
    """Measure as the options say; table and picture go into this folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--minutes", type=float, default=1)
    options = parser.parse_args()
    if max(options.workers) > MOST_WORKERS or options.minutes > 10:
        sys.exit(f"At most {MOST_WORKERS} workers and 10 minutes.")
    os.environ["RESIDENTS_DO_NOT_THINK"] = "1"
    copy_project()
    made, seen = fresh(BENCH / "throughput"), {}
    try:
        for workers in options.workers:
            with _served(workers) as address:
                figures = _run(address, made / str(workers), RESIDENTS, options.minutes)
            rows = csv.DictReader(figures.open(encoding="utf-8"))
            seen[workers] = next(row for row in rows if row["Name"] == "Aggregated")
    except Failed as error:
        sys.exit(str(error))
    lines = ["| workers of each part | messages a second | p50 | p95 | failed |"]
    lines.append("|--:|--:|--:|--:|--:|")
    lines += [
        f"| {workers} | {float(row['Requests/s']):.1f} | {row['50%']} ms | {row['95%']} ms "
        f"| {row['Failure Count']} |"
        for workers, row in seen.items()
    ]
    _draw({workers: float(row["Requests/s"]) for workers, row in seen.items()})
    head = f"# Throughput by workers\n\n{time.strftime('%Y-%m-%d %H:%M')}. {described()}."
    about = (
        f"{RESIDENTS} residents who write again at once, {options.minutes:g} minutes each, on "
        "PostgreSQL and Redis; Locust and both servers run on the same cores."
    )
    picture = f"![Messages a second by workers, as in the table]({PICTURE.name})"
    RESULTS.write_text(f"{head}\n\n{about}\n\n" + "\n".join(lines) + f"\n\n{picture}\n")
    print("\n".join(lines))


def _draw(seen: dict[int, float]) -> None:
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 4), layout="constrained")
    axes.plot(list(seen), list(seen.values()), marker="o")
    axes.set(xlabel="workers of each part", ylabel="messages a second", ylim=(0, None))
    axes.set_xticks(list(seen))
    figure.savefig(PICTURE, dpi=120)


if __name__ == "__main__":
    main()
