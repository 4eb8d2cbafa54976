"""What was made lately is kept, so much of it and no more."""

from threading import Thread

import pytest

from analytics.workspace.recent import Recent


def test_what_was_made_is_not_made_again_even_where_it_is_nothing():
    held, made = Recent(3), []
    for value in (None, 0, "x"):
        for _ in range(2):
            assert held.get(repr(value), lambda value=value: made.append(value) or value) == value
    assert made == [None, 0, "x"]


def test_what_was_longest_not_asked_for_makes_way():
    held, made = Recent(2), []
    for key in "abacab":
        held.get(key, lambda key=key: made.append(key))
    assert made == ["a", "b", "c", "b"]


def test_what_fails_is_not_kept():
    held = Recent(2)
    with pytest.raises(ZeroDivisionError):
        held.get("a", lambda: 1 / 0)
    assert held.get("a", lambda: 7) == 7


def test_threads_share_it():
    held, wrong = Recent(4), []

    def ask():
        for at in range(2000):
            if held.get(at % 7, lambda at=at: at % 7) != at % 7:
                wrong.append(at)

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(held._held) <= 4 + len(threads)
