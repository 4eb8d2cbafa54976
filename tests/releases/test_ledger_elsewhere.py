"""Releases whose ledger is in a file of the home, or in a database on another machine: the same for both."""

import threading

from analytics.access import Actor
from analytics.releases import Intent, keep_view, open_ledger, status, verify
from analytics.releases.freeze import publish_draft
from tests.releases.frozen import KEEPER, assert_same, frozen, run


def test_a_release_goes_its_whole_way(book):
    ledger, home = open_ledger(book.url, book.home), book.home
    frozen(home, ledger, run())
    frozen(home, ledger, run(last="2026-02-10"), publish=False)
    publish_draft(home, ledger, KEEPER, 1, Intent("发布", publish=True))
    assert_same(verify(home, ledger, 2).assessment(), run(last="2026-02-10"))
    code = keep_view(ledger, Actor("丙", "leader"), verify(home, ledger, 1), {"lang": "zh", "area": "嘉禾"})
    ledger.withdraw_release(Actor("乙", "keeper"), 1, "数据有误")
    again = open_ledger(book.url, home)
    found = status(home, again, code)
    assert (found.status, found.number, found.view, found.newest) == ("withdrawn", 1, {"lang": "zh", "area": "嘉禾"}, 2)
    assert [entry.action for entry in again.audit()] == ["publish", "draft", "publish", "code", "withdraw_release"]
    assert again.verify_audit() == 5


def test_those_who_publish_at_once_get_numbers_in_order(book):
    failed = []
    started = threading.Barrier(4)
    open_ledger(book.url, book.home)
    assessment = run()

    def publish():
        try:
            ledger = open_ledger(book.url, book.home)
            started.wait()
            for at in range(3):
                frozen(book.home, ledger, assessment, publish=at != 1)
        except Exception as error:
            failed.append(error)
            raise

    threads = [threading.Thread(target=publish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    ledger = open_ledger(book.url, book.home)
    published = [entry for entry in ledger.releases()[::-1] if entry.number]
    assert [(entry.number, entry.number_of_year) for entry in published] == [(n, n) for n in range(1, 9)]
    assert sorted(entry.draft for entry in ledger.releases() if not entry.number) == [1, 2, 3, 4]
    assert ledger.verify_audit() == 12
    for entry in ledger.releases():
        verify(book.home, ledger, entry.name)
