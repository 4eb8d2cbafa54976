"""From cells of text to times: every way in which offices write a date, a column at a time.

A time with a zone becomes that of the office's clock (`office`); CST is China's standard time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.loaders.values import arrow_of, by_value, bytes_of, matches
from analytics.office import local_time

Order = Literal["month", "day"]
"""Which comes first in 3/14/2025."""

_CLOCK = (
    r"(?:(?:[Tt]|\s*)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?\s*"
    r"(?:([AaPp])\.?[Mm]\.?)?\s*(?P<zone>[Zz]|UTC|GMT|CST|[+-][0-9]{2}(?::?[0-9]{2})?)?(?:\s+[A-Z]{3,4})?)?"
)

# The clock may follow the day without a space only where the day ends in a character of its own.
_YEAR_FIRST = re.compile(
    r"([0-9]{4})\s*"
    r"(?:-\s*([0-9]{1,2})\s*-\s*([0-9]{1,2})|/\s*([0-9]{1,2})\s*/\s*([0-9]{1,2})|\.([0-9]{1,2})\.([0-9]{1,2})"
    r"|年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*日|([0-9]{2})([0-9]{2}))"
    rf"(?:(?=[Tt\s])|(?<=日)|$){_CLOCK}"
)
# From 08:00 to 18:00: without a T and seconds no zone follows.
_RANGE = re.compile(
    r"((?:^|.*[0-9日月]\s+|.*日)[0-9]{1,2}:[0-9]{2})(?:\s*[-–—~至到]\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
    r"|(:[0-9]{2})\s*(?:[-–—~至到]\s*[0-9]{1,2}:[0-9]{2}:[0-9]{2}|[–—~至到]\s*[0-9]{1,2}:[0-9]{2}))"
)
_ZONES = (timedelta(hours=-12), timedelta(hours=14))
_RUN_ON = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})?")
_YEAR_LAST = re.compile(rf"([0-9]{{1,2}})/([0-9]{{1,2}})/([0-9]{{4}})(?:(?=[Tt\s])|$){_CLOCK}")
_YEARLESS = re.compile(rf"([0-9]{{1,2}})月([0-9]{{1,2}})日{_CLOCK}")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_EPOCH = re.compile(r"([0-9]{10})(?:[0-9]{3})?")
_EPOCHS = (1_000_000_000, 1_900_000_000)  # 2001 to 2030: beyond, ten digits may be a day and an hour

# The Republic's own years, counted from 1912. Two digits without its name could be a year of any calendar.
_OF_ROC = re.compile(
    r"(?:(?:中华|中華)?民[国國]|\bROC\b)\s*([0-9]{1,3})(?=\s*[年/.-])|^(1[0-9]{2})(?=\s*年|([/.-])[0-9]{1,2}\3[0-9]{1,2}(?:[Tt\s]|$))",
    re.IGNORECASE,
)
_OF_ROC_RUN_ON = re.compile(r"^(1[0-9]{2})(?=(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:\s|$))")
_WITH_ROC = r"民[国國]|(?i:\broc\b)|^\s*1[0-9]{2}(?:\s*年|[/.-][0-9]{1,2}[/.-]|[01][0-9][0-3][0-9](?:\s|$))"
_ROC_ERA = 1911

_MONTH_ALONE = re.compile(r"([0-9]{4})\s*(?:[-/.]\s*([0-9]{1,2})|年\s*([0-9]{1,2})\s*月(?:份|底|末)?|(0[1-9]|1[0-2]))")

_WEEKDAY = re.compile(
    r"\(?(?:(?:星期|礼拜|周)[一二三四五六日天]"
    r"|\b(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b)\)?[,.]?",
    re.IGNORECASE,
)
_HOURS = re.compile(r"([0-9]{1,2})[时点](?:([0-9]{1,2})分?)?(?:([0-9]{1,2})秒)?")
_HALF = re.compile(r"(上午|早上|凌晨|中午|下午|晚上)\s*([0-9]{1,2})(:[0-9]{2}(?::[0-9]{2})?)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = "((?:jan|febr?|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*)"
_MONTH_FIRST = re.compile(rf"{_MONTH}\.?\s+([0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+([0-9]{{4}})\b(.*)", re.IGNORECASE)
_MONTH_SECOND = re.compile(rf"([0-9]{{1,2}})[\s-]{_MONTH}\.?[\s-]([0-9]{{4}}|[0-9]{{2}})\b(.*)", re.IGNORECASE)
_MONTH_FIRST_YEAR_LAST = re.compile(
    rf"{_MONTH}\s+([0-9]{{1,2}})\s+([0-9:]+(?:\s+[A-Z]{{3}})?)\s+([0-9]{{4}})", re.IGNORECASE
)

# No record of an office is older; an earlier year is a default of some software, such as 0001-01-01.
_EARLIEST_YEAR = 1900
_SERIAL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - day 0 of the 1900 system, from March 1900 on
_SERIALS = (25569, 73050)  # 1970 to 2099: another number is hardly a day

_SECONDS = 19  # characters
_BLOCK = 1 << 17


@dataclass(frozen=True, eq=False)
class ParsedTimes:
    """``read``: datetime64[us], missing where blank, unreadable or without a year. ``yearless``: month * 100 + day and
    the time (timedelta64[us]) of the cells that name no year, by row. ``of_roc``: how many count their years as the
    Republic of China does: 民國113年5月1日, 113/05/01."""

    read: pd.Series
    yearless: pd.DataFrame
    of_roc: int = 0


def moments(cells: pd.Series, order: Order | None = None) -> ParsedTimes:
    """Cleaned cells as dates and dates with a time; a time with a zone, and one counted in seconds, in local time.

    ``order`` reads 3/4/2025; without it such a date cannot be read.
    """
    found, left = _regular(arrow_of(cells))
    read = pd.Series(found, index=cells.index)
    if not left.any():
        return ParsedTimes(read, _NO_YEARLESS)
    others = cells[left]
    read[left] = by_value(others, lambda text: _moment(text, order)).astype("datetime64[us]").to_numpy()
    yearless = others[others.str.contains("月", regex=False) & read[left].isna()]
    without = by_value(yearless, _yearless).dropna()
    of_roc = int((matches(others, _WITH_ROC) & read[left].notna()).sum())
    if without.empty:
        return ParsedTimes(read, _NO_YEARLESS, of_roc)
    dated = pd.DataFrame(without.to_list(), index=without.index, columns=["month", "day", "clock"])
    return ParsedTimes(read, dated, of_roc)


def months(cells: pd.Series) -> pd.Series:
    """Cleaned cells that name a month and no day, such as 2026-05 and 2026年5月, as its last day; else missing."""
    return by_value(cells, _month).astype("datetime64[us]")


def order_of(*columns: pd.Series) -> Order | None:
    """Which comes first in dates like 3/14/2025, from all such cells of one file; None if they leave it open."""
    found: set[Order] = set()
    for cells in columns:
        for text in cells[_year_last(cells)].unique():
            if match := _YEAR_LAST.fullmatch(text):
                first, second = int(match[1]), int(match[2])
                if first > 12 >= second:
                    found.add("day")
                elif second > 12 >= first:
                    found.add("month")
    return found.pop() if len(found) == 1 else None


def of_open_order(cells: pd.Series) -> pd.Series:
    """True for a date such as 3/4/2025, of which nothing tells which comes first, day or month."""

    def is_open(text: str) -> bool:
        match = _YEAR_LAST.fullmatch(text)
        return match is not None and 1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= 12

    found = pd.Series(_year_last(cells), index=cells.index)
    found[found] = cells[found].map(is_open).astype(bool)
    return found


def with_year(yearless: pd.DataFrame, reference: pd.Timestamp, latest: pd.Timestamp | None) -> pd.Series:
    """Times for cells without a year: of the years around ``reference`` the one that comes closest to it.

    None lies after the day ``latest``; missing where there is no such day in any of these years.
    """

    def dated(row: tuple[int, int, timedelta]) -> datetime | None:
        near = []
        for year in range(reference.year - 4, reference.year + 2):
            try:
                near.append(datetime(year, row[0], row[1]) + row[2])  # noqa: DTZ001 - local wall time
            except ValueError:
                continue
        possible = [one for one in near if latest is None or one < latest + pd.Timedelta(days=1)]
        return min(possible, key=lambda one: abs(one - reference), default=None)

    rows = zip(yearless["month"], yearless["day"], yearless["clock"], strict=True)
    return pd.Series([dated(row) for row in rows], index=yearless.index, dtype="datetime64[us]")


_NO_YEARLESS = pd.DataFrame({"month": [], "day": [], "clock": []}, index=pd.Index([], dtype="int64"))


def _year_last(cells: pd.Series) -> np.ndarray:
    texts = arrow_of(cells)
    found = pc.match_substring_regex(texts, "^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}")
    return pc.fill_null(found, fill_value=False).to_numpy(zero_copy_only=False)


def _regular(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Times (datetime64[us]) of cells such as 2020-02-15 and 2020-02-15 08:30:00, and which cells are left to read."""
    if (whole := _all_regular(texts)) is not None:
        return whole, np.zeros(len(texts), dtype=bool)
    read = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[us]")
    left = np.ones(len(texts), dtype=bool)
    lengths = pc.fill_null(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False)
    left[lengths == 0] = False
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int64)[texts.offset :]
    content = np.frombuffer(texts.buffers()[2] or b"", dtype=np.uint8)
    for length in (10, 16, 19):
        rows = np.flatnonzero(lengths == length)
        for start in range(0, len(rows), _BLOCK):
            block = rows[start : start + _BLOCK]
            values, good = _fixed(content[offsets[block][:, None] + np.arange(length)])
            read[block[good]] = values[good]
            left[block[good]] = False
    return read, left


def _all_regular(texts: pa.Array) -> np.ndarray | None:
    """Times (datetime64[us]) of a column in which each cell is written as 2020-02-15 08:30:00; None of any other."""
    if not len(texts) or texts.null_count:
        return None
    content, starts = bytes_of(texts)
    if not (np.diff(starts) == _SECONDS).all() or not (content.reshape(-1, _SECONDS)[:, [13, 16]] == ord(":")).all():
        return None
    try:
        read = pc.cast(texts, pa.timestamp("us")).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return None
    return read if read.min() >= np.datetime64(f"{_EARLIEST_YEAR}-01-01") else None


def _fixed(marks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Times of equally long cells (bytes, one a column) in the form of ISO 8601, and which of them are valid."""
    pattern = b"0000-00-00 00:00:00"[: marks.shape[1]]
    digits = np.array([mark == ord("0") for mark in pattern])
    separators = np.frombuffer(pattern, dtype=np.uint8)[~digits]
    values = marks.astype(np.int32) - ord("0")
    good = ((values[:, digits] >= 0) & (values[:, digits] <= 9)).all(axis=1)
    parts = marks[:, ~digits].copy()
    if marks.shape[1] > 10:
        parts[parts[:, 2] == ord("T"), 2] = ord(" ")
    # 2020/02/15 is as regular.
    parts[:, :2][parts[:, :2] == ord("/")] = ord("-")
    good &= (parts == separators).all(axis=1) & (marks[:, 4] == marks[:, 7])
    numbers = [values[:, at] * 10 + values[:, at + 1] for at in range(5, marks.shape[1], 3)]
    year = values[:, 0] * 1000 + values[:, 1] * 100 + values[:, 2] * 10 + values[:, 3]
    month, day, *clock = numbers
    good &= (year >= _EARLIEST_YEAR) & (month >= 1) & (month <= 12) & (day >= 1)
    for part, limit in zip(clock, (24, 60, 60), strict=False):
        good &= part < limit
    months = np.where(good, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    good &= day <= ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(int)
    seconds = np.zeros(len(marks), dtype=np.int64)
    for part, weight in zip(clock, (3600, 60, 1), strict=False):
        seconds += part.astype(np.int64) * weight
    days = months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    return days.astype("datetime64[us]") + (seconds * 1_000_000).astype("timedelta64[us]"), good


def _month(text: str) -> datetime | None:
    plain = _in_common_years(text.strip())
    match = _MONTH_ALONE.fullmatch(plain)
    try:
        if match:
            year, month = (int(part) for part in match.groups() if part)
        else:
            # As in May 2026.
            first = datetime.strptime(plain, "%B %Y" if len(plain.split()[0]) > 3 else "%b %Y")  # noqa: DTZ007
            year, month = first.year, first.month
        following = datetime(year + month // 12, month % 12 + 1, 1)  # noqa: DTZ001 - local wall time
    except (ValueError, IndexError):
        return None
    return following - timedelta(days=1) if year >= _EARLIEST_YEAR else None


def _in_common_years(text: str) -> str:
    """A date in the Republic's years with the common one in its place."""
    match = _OF_ROC.search(text) or _OF_ROC_RUN_ON.search(text)
    if match is None:
        return text
    year = int(match[1] or match[2]) if match.re is _OF_ROC else int(match[1])
    return f"{text[: match.start()]}{year + _ROC_ERA}{text[match.end() :]}".strip()


def _moment(text: str, order: Order | None) -> datetime | None:
    text = _in_common_years(text.strip())
    found = _written_plainly(text, order)
    if found is None and (plain := _plainly(text)) != text:
        found = _written_plainly(plain, order)
    return found


def _plainly(text: str) -> str:
    """A date in words as one in figures: without its weekday, the month as a number, the time as 15:20."""
    text = " ".join(_WEEKDAY.sub(" ", text).split())
    text = _HOURS.sub(lambda found: ":".join(f"{int(part or 0):02d}" for part in found.groups()), text)
    text = _HALF.sub(_with_half, text)
    if match := _MONTH_FIRST_YEAR_LAST.fullmatch(text):
        month, day, rest, year = match.groups()
        rest = f" {rest}"
    elif match := _MONTH_FIRST.fullmatch(text):
        month, day, year, rest = match.groups()
    elif match := _MONTH_SECOND.fullmatch(text):
        day, month, year, rest = match.groups()
    else:
        return text
    year = year if len(year) == 4 else f"20{year}" if int(year) < 69 else f"19{year}"
    return f"{year}-{_MONTHS.index(month[:3].casefold()) + 1}-{day}{rest}"


def _with_half(found: re.Match[str]) -> str:
    word, hour, rest = found[1], int(found[2]), found[3]
    early = word in ("上午", "早上", "凌晨")
    if hour > 12 or (hour == 0 and early) or (word == "中午" and hour > 9):
        return f"{hour}{rest}"
    # Midnight at the end of an evening could be of either day.
    if hour == 0 or (word == "晚上" and hour == 12):
        return found[0]
    return f"{hour}{rest} {'A' if early else 'P'}M"


def _start(text: str) -> str:
    """When something began that a text says to have lasted from one time to another; any other text as it is."""
    match = _RANGE.fullmatch(text)
    return f"{match[1]}{match[2] or ''}" if match else text


def _written_plainly(text: str, order: Order | None) -> datetime | None:
    text = _start(text)
    try:
        if match := _YEAR_FIRST.fullmatch(text) or _RUN_ON.fullmatch(text):
            *day, last = _numbers(match, clock=match.re is _YEAR_FIRST)
            found = _local(datetime(*day) + last, match)  # noqa: DTZ001 - local wall time
            return found if found.year >= _EARLIEST_YEAR else None
        if order and (match := _YEAR_LAST.fullmatch(text)):
            first, second, year, last = _numbers(match)
            month, day = (first, second) if order == "month" else (second, first)
            found = _local(datetime(year, month, day) + last, match)  # noqa: DTZ001 - local wall time
            return found if year >= _EARLIEST_YEAR else None
    except (ValueError, OverflowError, OSError):
        return None
    if _SERIAL.fullmatch(text) and _SERIALS[0] <= float(text) < _SERIALS[1]:
        # A spreadsheet's fraction of a day is exact to less than a second.
        return _SERIAL_EPOCH + timedelta(seconds=round(float(text) * 86400))
    if (match := _EPOCH.fullmatch(text)) and _EPOCHS[0] <= int(match[1]) < _EPOCHS[1]:
        return local_time(datetime.fromtimestamp(int(match[1]), UTC)).replace(tzinfo=None)
    return None


def _local(found: datetime, match: re.Match[str]) -> datetime:
    """The office's own time of a time whose zone the text names, else the time as it stands."""
    zone = match.groupdict().get("zone")
    if not zone:
        return found
    if zone == "CST":
        zone = "+0800"
    offset = timedelta()
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0)) * (1 if zone[0] == "+" else -1)
        if not _ZONES[0] <= offset <= _ZONES[1]:
            raise ValueError(zone)
    return local_time(found.replace(tzinfo=timezone(offset))).replace(tzinfo=None)


def _yearless(text: str) -> tuple[int, int, timedelta] | None:
    match = _YEARLESS.fullmatch(_start(text.strip())) or _YEARLESS.fullmatch(_start(_plainly(text)))
    if match is None:
        return None
    try:
        month, day, clock = _numbers(match)
        datetime(2020, month, day)  # noqa: DTZ001 - a leap year: is there such a day at all?
    except ValueError:
        return None
    return month, day, clock


def _numbers(match: re.Match[str], *, clock: bool = True) -> tuple:
    """The numbers of the day, then the time of day; ``ValueError`` for no such time."""
    if not clock:
        year, month, day, *parts = (int(part) for part in match.groups() if part is not None)
        return year, month, day, _time(*parts)
    *parts, hour, minute, second, half, _zone = match.groups()
    day = tuple(int(part) for part in parts if part is not None)
    if hour is None:
        return *day, timedelta()
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError(hour)
        hours = hours % 12 + (12 if half in "Pp" else 0)
    return *day, _time(hours, int(minute), int(second or 0))


def _time(hour: int, minute: int, second: int = 0) -> timedelta:
    if (hour, minute, second) == (24, 0, 0):
        # The end of a day, which is no day later: what is due by then is due on that day.
        return timedelta(days=1) - timedelta(seconds=1)
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError
    return timedelta(hours=hour, minutes=minute, seconds=second)
