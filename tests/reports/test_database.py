"""Tables are brought up to date by whoever comes first, and only once."""

import threading

from bot.reports import store
from bot.reports.database import migrate, open_engine
from tests import databases


def test_several_that_start_together_on_an_empty_database_all_find_it_ready(database_url):
    databases.make_empty(database_url)
    if not databases.SERVER:
        migrate(database_url)  # of SQLite's one file there is one owner: `assistant serve`
    failed = []

    def begin():
        try:
            migrate(database_url)
        except Exception as error:
            failed.append(error)

    starting = [threading.Thread(target=begin) for _ in range(3)]
    for each in starting:
        each.start()
    for each in starting:
        each.join()
    assert failed == []
    assert store.reachable(open_engine(database_url))
