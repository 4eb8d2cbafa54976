"""Writing a scheme into the text of its file: what differs is changed, and every other character stays as it is.

ruamel.yaml reads the text with its comments, order and quotes and writes it again. A file that is laid out as those
that ship comes back byte for byte; of another one the white space of the old text is carried over afterwards. The
comment lines right above an entry go with it when it is moved or taken out.
"""

from __future__ import annotations

import copy
import difflib
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from io import StringIO
from typing import cast

import yaml
from ruamel.yaml import YAML, CommentToken
from ruamel.yaml.error import CommentMark, YAMLError
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from analytics.errors import SchemeError
from analytics.scheme.content import Entry, paired, plain, same
from analytics.scheme.digest import KEEP_THEIR_KIND
from analytics.scheme.model import Scheme
from analytics.scheme.reading import scheme_from

_FILE = "scheme.yaml"
_EMPTY: tuple[object, ...] = (None, [], {})
_WIDEST = 2**31
_WORDS = re.compile(r"(\s*)(\w+|[^\w\s]|\Z)")


def yaml_with(base_text: str, scheme: Scheme) -> str:
    """The text of a scheme file, saying ``scheme``: read again it has the digest of ``scheme``.

    Raises :class:`SchemeError` where ``base_text`` is no scheme.
    """
    says, new = plain(scheme_from(base_text.encode(), _FILE)), plain(scheme)
    if same(says, new):
        return base_text
    return next(text for text in _texts(base_text, says, new) if _says(text, new))


def patch(old_text: str, new_text: str, old_name: str, new_name: str) -> str:
    """What differs between two texts, as ``patch`` applies it; empty where nothing does."""
    lines = difflib.unified_diff(_lines(old_text), _lines(new_text), old_name, new_name)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    # Not splitlines: to `patch` only this character ends a line.
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _texts(base_text: str, says: Entry, new: Entry) -> Iterator[str]:
    """Texts that should say what is ``new``, the one nearest to the old text first. What a text says goes before how it
    looks: the last one is written from nothing, for YAML that cannot be changed in its place (an unusual tag)."""
    text = base_text.removeprefix("\ufeff").replace("\r\n", "\n")
    line_end = "\r\n" if "\r\n" in base_text else "\n"
    try:
        tree, as_written = _read(text)
        now = _written(_changed(copy.deepcopy(tree), says, new))
    except YAMLError:
        pass
    else:
        if as_written != base_text:
            yield _with_layout_of(base_text, as_written, now)
        yield now.replace("\n", line_end)
    yield _written(_entries(_needed(new))).replace("\n", line_end)


def _says(text: str, content: Entry) -> bool:
    try:
        return same(plain(scheme_from(text.encode(), _FILE)), content)
    except SchemeError:
        return False


def _yaml() -> YAML:
    made = YAML()
    made.width = _WIDEST
    made.indent(mapping=2, sequence=4, offset=2)
    return made


def _written(tree: Node) -> str:
    stream = StringIO()
    _yaml().serialize(tree, stream)
    return stream.getvalue()


@lru_cache(maxsize=16)
def _read(text: str) -> tuple[Node, str]:
    """The nodes of a text, each with the comments above it, and how they are written when nothing is changed; kept,
    for a draft is written again with every change."""
    tree = _yaml().compose(text)
    left = _hang_comments(tree, "")
    if left:
        tree.comment = [None, (tree.comment or [None, None])[1], [CommentToken(left, CommentMark(0))]]
    return tree, _written(copy.deepcopy(tree))


def _hang_comments(node: Node, above: str) -> str:
    """Hang the comment lines between two entries on the one below them, which they are about; ruamel has them on the
    one above. ``above``: lines that stand above the node. Returns those that are left below its last entry."""
    for head, value in node.value if isinstance(node, MappingNode) else [(item, item) for item in node.value]:
        above += _comments_of(head)[1]
        after, first, _ = _comments_of(value)
        lines = [CommentToken(above, CommentMark(0))] if above else None
        above = ""
        if after:
            line, _, above = after.value.partition("\n")
            after = CommentToken(line + "\n", after.start_mark) if line else None
        if isinstance(value, CollectionNode) and not value.flow_style:
            above = _hang_comments(value, above + (first if head is not value else "")) + _comments_of(value)[2]
        value.comment = [after, None]
        head.comment = [after if head is value else None, lines]
    return above


def _comments_of(node: Node) -> tuple[CommentToken | None, str, str]:
    """A node's comments as ruamel has them: behind it on its line (and the lines after that), above it, and below its
    last entry."""
    after, above, end = (*(node.comment or ()), None, None, None)[:3]
    return after, _comment_text(above), _comment_text(end)


def _comment_text(tokens: list[CommentToken] | None) -> str:
    return "".join(" " * token.start_mark.column + token.value for token in tokens or ())


def _changed(node: Node, old: object, new: object) -> Node:
    """The node, saying ``new`` where it said ``old``."""
    if same(old, new):
        return node
    if isinstance(node, MappingNode) and isinstance(new, dict):
        node.value = _changed_entries(node, old if isinstance(old, dict) else {}, new)
        return node
    if isinstance(node, SequenceNode) and isinstance(old, list) and isinstance(new, list):
        if all(isinstance(item, dict) for item in (*old, *new)):
            node.value = [
                _entries(_needed(new[place])) if at is None else _changed(node.value[at], old[at], new[place])
                for at, place in paired(old, new)
                if place is not None
            ]
            return node
        if len(old) == len(new):
            node.value = [_changed(*each) for each in zip(node.value, old, new, strict=True)]
            return node
    fresh = _node(_needed(new))
    fresh.comment = node.comment
    if (
        isinstance(node, ScalarNode)
        and isinstance(fresh, ScalarNode)
        and isinstance(new, str)
        and node.style in ("'", '"')
    ):
        fresh.style = node.style
    return fresh


def _changed_entries(node: MappingNode, old: Entry, new: Entry) -> list[tuple[Node, Node]]:
    """In the order of the text, unless entries changed places; one that is added follows the entry before it."""

    def stays(key: str) -> bool:
        return key in new and (new[key] not in _EMPTY or same(old.get(key), new[key]))

    def is_added(key: str) -> bool:
        # What the text leaves out says the same as before, but for a name, which is then the id.
        says_it = key in old and same(old[key], new[key]) and (key != "name" or old.get("id") == new.get("id"))
        return new[key] not in _EMPTY and not says_it

    entries = {key.value: (key, value) for key, value in node.value}
    order = [key for key in entries if stays(key)]
    before: str | None = None
    for key in new:
        if key not in entries and is_added(key):
            order.insert(order.index(before) + 1 if before in order else 0, key)
        before = key if key in order else before
    if [key for key in old if key in new] != [key for key in new if key in old]:
        order = [key for key in new if key in order]
    return [
        (entries[key][0], _changed(entries[key][1], old.get(key), new[key]))
        if key in entries
        else _entries({key: _needed(new[key])}).value[0]
        for key in order
    ]


def _needed(value: object) -> object:
    """Without the settings that are empty: leaving them out says the same, but for what records are held against."""
    if isinstance(value, dict):
        return {
            key: held if key in KEEP_THEIR_KIND else _needed(held) for key, held in value.items() if held not in _EMPTY
        }
    return [_needed(item) for item in value] if isinstance(value, list) else value


def _node(value: object) -> Node:
    """A new value on one line. Within brackets, for a text that may stand alone may not stand in a list."""
    text = yaml.safe_dump([value], default_flow_style=True, allow_unicode=True, sort_keys=False, width=float("inf"))
    found: Node = _yaml().compose(text).value[0]
    return found


def _entries(content: object) -> MappingNode:
    """New entries, a line each, as in the files that ship: lists of entries, and measures by tier, below their key."""
    node = cast("MappingNode", _node(content))
    _unfold(node)
    return node


def _unfold(node: MappingNode) -> None:
    node.flow_style = False
    for _, value in node.value:
        held = value.value
        if isinstance(value, SequenceNode) and held and all(isinstance(item, MappingNode) for item in held):
            value.flow_style = False
            for item in held:
                _unfold(item)
        elif isinstance(value, MappingNode) and held and all(isinstance(item, MappingNode) for _, item in held):
            _unfold(value)


def _with_layout_of(base: str, as_written: str, now: str) -> str:
    """``now`` with the white space, and whatever else ruamel writes otherwise, of ``base``, which it wrote
    ``as_written``.

    Word by word: what stands for a word of ``now`` is what stood in ``base`` for the same word of ``as_written``.
    """
    old, same_as_old, new = (_WORDS.findall(text) for text in (base, as_written, now))
    line_end = "\r\n" if "\r\n" in base else "\n"
    originals = _originals(old, same_as_old)
    indents: dict[str, str] = {}
    said: list[str] = []
    for kind, first, _, begin, end in _differences(same_as_old, new):
        for at in range(begin, end):
            gap, word = new[at]
            if kind != "equal":
                said += [_gap(gap, indents, line_end), word]
                continue
            original = originals[at - begin + first]
            if not original:
                continue
            if gap == same_as_old[at - begin + first][0]:
                # Nothing was put in before it: it is set off as it was.
                as_it_was = original[0][0]
                if "\n" in gap and "\n" in as_it_was:
                    indents[gap.rpartition("\n")[2]] = as_it_was.rpartition("\n")[2]
                said.append(as_it_was)
            else:
                said.append(_gap(gap, indents, line_end))
            said += [original[0][1], *(part for pair in original[1:] for part in pair)]
    return "".join(said)


def _originals(old: list[tuple[str, str]], as_written: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """For each word of ``as_written`` what stands for it in ``old``: the word itself, with those right before it that
    were not written again; nothing for one that is not there."""
    found: list[list[tuple[str, str]]] = []
    begun = 0
    for kind, first, last, begin, end in _differences(old, as_written):
        if kind == "equal":
            found += [old[begun : first + 1], *([word] for word in old[first + 1 : last])]
        elif end > begin:
            found += [old[begun:last], *([[]] * (end - begin - 1))]
        if kind == "equal" or end > begin:
            begun = last
    return found


def _gap(gap: str, indents: dict[str, str], line_end: str) -> str:
    """White space before a new word, set in as far as its neighbours of the same depth are."""
    lines, newline, indent = gap.rpartition("\n")
    return (lines + newline + (indents.get(indent, indent) if newline else indent)).replace("\n", line_end)


def _differences(one: list[tuple[str, str]], other: list[tuple[str, str]]) -> Sequence[tuple[str, int, int, int, int]]:
    words = ([word for _, word in one], [word for _, word in other])
    return difflib.SequenceMatcher(None, *words, autojunk=False).get_opcodes()
