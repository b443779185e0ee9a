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


def test_what_need_not_survive_a_power_cut_waits_for_no_disk(database_url):
    databases.make(database_url)
    if not databases.SERVER:
        return
    for durable, wanted in ((True, "on"), (False, "off")):
        engine = open_engine(database_url, durable=durable)
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
            connection.rollback()
            (found,) = connection.exec_driver_sql("SHOW synchronous_commit").one()
        assert found == wanted
        engine.dispose()
