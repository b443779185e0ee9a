"""/readyz is open to everybody and costs a turn of Rasa's: it is looked at once for all who ask."""

import threading

import pytest

from bot.web import health


def test_rasa_is_asked_once_a_second_however_many_ask(monkeypatch):
    asked, now = [], [100.0]
    monkeypatch.setattr(health.time, "monotonic", lambda: now[0])
    look = health.Look(lambda: asked.append(1) or len(asked) < 2)
    assert [look.found() for _ in range(50)] == [True] * 50 and len(asked) == 1
    now[0] += health.KEPT
    assert [look.found() for _ in range(50)] == [False] * 50 and len(asked) == 2


def test_nobody_waits_for_a_look_that_hangs():
    begun, ended = threading.Event(), threading.Event()

    def hangs():
        begun.set()
        return ended.wait(20)

    look = health.Look(hangs)
    first = threading.Thread(target=look.found)
    first.start()
    begun.wait(20)
    assert not look.found()  # what was known, at once
    ended.set()
    first.join(20)
    assert look.found()


def test_a_look_that_fails_lets_the_next_one_look():
    answers = iter([RuntimeError, True])

    def looks():
        found = next(answers)
        if found is RuntimeError:
            raise RuntimeError
        return found

    look = health.Look(looks)
    with pytest.raises(RuntimeError):
        look.found()
    assert look.found()
