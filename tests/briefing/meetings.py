"""Meetings as a paper is handed them: none of the records, and one with so much of everything."""

from __future__ import annotations

from analytics.briefing.meeting import DueTable, Meeting, OverdueRow
from analytics.wording.meeting import Point
from analytics.words import Language, say

DAYS = ("10月25日", "10月31日")
NUMBER = "SJ99"
POST = "平安办、消防救援站"


def bare(lang: Language) -> Meeting:
    """Where there are no records of the areas of the release."""
    return Meeting(DAYS, (say(lang, "meeting.no_records"),), None, (), "", say(lang, "meeting.as_of", day="—"))


def full(
    lang: Language,
    *,
    posts: int = 5,
    overdue: int = 54,
    points: int = 5,
    lines: int = 3,
    behind: int = 0,
    numbered: bool = True,
) -> Meeting:
    """With so many posts, incidents that are overdue, points to decide, sentences on the week, and on areas that are
    not on target."""
    columns = ("post", "overdue", "today", "within_24h", "within_days", "undated", "open")
    due = DueTable(
        title=say(lang, "meeting.due_caption", moment="11月1日8:00", until="11月4日"),
        head=tuple(say(lang, f"meeting.col_{name}") for name in columns),
        rows=tuple((f"{POST}{at}", "12", "3", "3", "7", "0", "61") for at in range(posts)),
        attention="未办结中重复发生26件、退单未记录、不满意后重新办理0件。",
        overdue=overdue,
        each=tuple(OverdueRow(f"{NUMBER}{at:04}", "归帆", "消防隐患", f"{273 - at % 99}", 1) for at in range(overdue))
        if numbered
        else None,
    )
    asked = Point("红色、橙色未到位5个：归帆、杏林、水车、船埠、古井。", "定补齐时限，是否增援。")
    week = ("楼栋和出租屋走访应948次，完成832次（88%），按时820次，逾期116次；巡格应103次，完成85次（83%）。",)
    area = "归帆（红色）：楼栋和出租屋走访应100、完成83、逾期17（最早10月27日）。责任：包联领导、出租房核查组。"
    return Meeting(DAYS, week * lines, due, (asked,) * points, "", "应做按11月2日已导入的记录统计。", (area,) * behind)
