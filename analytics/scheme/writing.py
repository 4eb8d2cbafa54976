"""Writing a scheme into the text of its file: what differs is changed, and every other character stays as it is.

The text is cut where the file's own YAML says that an entry begins and ends, so comments, order, quotes and layout
survive by themselves. The comment lines right above an entry go with it when it is moved or taken out.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from textwrap import indent

import yaml

from analytics.errors import SchemeError
from analytics.scheme.content import paired, plain, same
from analytics.scheme.digest import KEEP_THEIR_KIND
from analytics.scheme.model import Scheme
from analytics.scheme.reading import scheme_from

_FILE = "scheme.yaml"
_EMPTY = (None, [], {})


def yaml_with(base_text: str, scheme: Scheme) -> str:
    """The text of a scheme file, saying ``scheme``: read again it has the digest of ``scheme``.

    Raises :class:`SchemeError` where ``base_text`` is no scheme.
    """
    base, new = _read(base_text.removeprefix("\ufeff").replace("\r\n", "\n")), plain(scheme)
    if same(base.says, new):
        return base_text
    changed = base.saying(new)
    # Some YAML cannot be cut line by line (a key with ?, a tag): what it says goes before how it looks.
    if not _says(changed, new):
        changed = _block(_needed(new)) + "\n"
    return changed.replace("\n", "\r\n") if "\r\n" in base_text else changed


def patch(old_text: str, new_text: str, old_name: str, new_name: str) -> str:
    """What differs between two texts, as ``patch`` applies it; empty where nothing does."""
    lines = difflib.unified_diff(_lines(old_text), _lines(new_text), old_name, new_name)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    # Not splitlines: to `patch` only this character ends a line.
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _says(text: str, content: dict) -> bool:
    try:
        return same(plain(scheme_from(text.encode(), _FILE)), content)
    except SchemeError:
        return False


class _Loader(yaml.SafeLoader):
    """Notes where each reference (``*name``) stands, and what it stands for."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.references: list[tuple[int, int, yaml.Node]] = []

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node:
        event = self.peek_event()
        node = super().compose_node(parent, index)
        if isinstance(event, yaml.AliasEvent):
            self.references.append((event.start_mark.index, event.end_mark.index, node))
        return node


def _without_references(text: str) -> str:
    """The text with each reference written out, so that one place can be changed without the other."""
    loader = _Loader(text)
    loader.get_single_node()
    cuts = [(start, end, _flow(loader.construct_object(node, deep=True))) for start, end, node in loader.references]
    for token in yaml.scan(text, yaml.SafeLoader):
        if isinstance(token, yaml.AnchorToken):
            end = token.end_mark.index
            cuts.append((token.start_mark.index, end + len(re.match(" *", text[end:])[0]), ""))
    for start, end, instead in sorted(cuts, reverse=True):
        text = text[:start] + instead + text[end:]
    return text


@lru_cache(maxsize=16)
def _read(text: str) -> _Text:
    """The text of a file in the parts that can be changed; kept, for a draft is written again with every change."""
    says = plain(scheme_from(text.encode(), _FILE))
    if set(text) & {"&", "*"}:
        text = _without_references(text)
    return _Text(text, yaml.compose(text, yaml.SafeLoader), says)


@dataclass(frozen=True)
class _Wanted:
    """An entry as it shall be: ``at`` is its place in the text, None for one that is added; ``key`` in a mapping."""

    at: int | None
    old: object
    new: object
    key: str | None = None


@dataclass(frozen=True, eq=False)
class _Text:
    """A text, its YAML and what it says; a place is an index into ``text``."""

    text: str
    root: yaml.Node
    says: dict[str, object]

    def saying(self, new: dict[str, object]) -> str:
        """The whole text, saying ``new``."""
        start, end = self.root.start_mark.index, self.end(self.root)
        return self.text[:start] + self.changed(self.root, self.says, new) + self.text[end:]

    def changed(self, node: yaml.Node, old: object, new: object) -> str:
        """What stands between :meth:`begin` and :meth:`end` of ``node``, saying ``new`` where it said ``old``."""
        begin, end = self.begin(node), self.end(node)
        if same(old, new):
            return self.text[begin:end]
        entries = self._wanted(node, old, new)
        if entries is None:
            style = node.style if isinstance(node, yaml.ScalarNode) and isinstance(new, str) else None
            column = node.start_mark.column + 2 if begin < node.start_mark.index else int(begin == end)
            return " " * column + _flow(_needed(new), style)
        if [entry.at for entry in entries] == list(range(len(node.value))):
            return self._filled(node, entries)
        return self._flow(node, entries) if node.flow_style else self._blocks(node, entries)

    def begin(self, node: yaml.Node) -> int:
        """Where a node's text begins: that of a block on lines of its own, with the comment lines above it."""
        start = node.start_mark.index
        line = self.text.rfind("\n", 0, start) + 1
        if node is self.root or not _is_block(node) or self.text[line:start].strip(" "):
            return start
        while line and re.match(r" *(#|$)", above := self.text[: line - 1].rpartition("\n")[2]):
            line -= len(above) + 1
        return line

    def end(self, node: yaml.Node) -> int:
        """Where a node's text ends: that of a block with the last line's comment."""
        if _is_block(node):
            return self._end_of_line(self.end(_children(node)[-1]))
        start = node.start_mark.index
        return start + len(self.text[start : node.end_mark.index].rstrip())

    def _end_of_line(self, place: int) -> int:
        found = self.text.find("\n", place)
        return len(self.text) if found < 0 else found

    def _wanted(self, node: yaml.Node, old: object, new: object) -> list[_Wanted] | None:
        """The entries of a collection, or None where its text cannot be kept."""
        if isinstance(node, yaml.MappingNode) and isinstance(new, dict):
            return _wanted_by_key(node, old if isinstance(old, dict) else {}, new)
        if not isinstance(node, yaml.SequenceNode) or not isinstance(new, list) or not isinstance(old, list):
            return None
        if all(isinstance(item, dict) for item in (*old, *new)):
            kept = [(at, place) for at, place in paired(old, new) if place is not None]
            return [_Wanted(at, None if at is None else old[at], new[place]) for at, place in kept]
        if len(old) == len(new):
            return [_Wanted(at, *both) for at, both in enumerate(zip(old, new, strict=True))]
        return None

    def _filled(self, node: yaml.Node, entries: list[_Wanted]) -> str:
        """The same entries in the same order: what stands between them stays."""
        said, place = [], self.begin(node)
        for child, entry in zip(_children(node), entries, strict=True):
            said += [self.text[place : self.begin(child)], self.changed(child, entry.old, entry.new)]
            place = self.end(child)
        return "".join(said) + self.text[place : self.end(node)]

    def _flow(self, node: yaml.Node, entries: list[_Wanted]) -> str:
        children = _children(node)
        said = [
            _flow(_needed(entry.new)) if entry.at is None else self.changed(children[entry.at], entry.old, entry.new)
            for entry in entries
        ]
        if isinstance(node, yaml.SequenceNode):
            return f"[{', '.join(said)}]"
        return f"{{{', '.join(f'{_flow(entry.key)}: {text}' for entry, text in zip(entries, said, strict=True))}}}"

    def _blocks(self, node: yaml.Node, entries: list[_Wanted]) -> str:
        """Entries that are moved, added or taken out, each with the comment lines above it."""
        column = " " * node.start_mark.column
        children = _children(node)
        ends = [self._end_of_line(self.end(child)) for child in children]
        begins = [self.begin(node), *(end + 1 for end in ends[:-1])]
        # The first one may follow the dash of the list that it is in, or what heads the file.
        follows = begins[0] == node.start_mark.index
        said = []
        for at, old, new, key in ((entry.at, entry.old, entry.new, entry.key) for entry in entries):
            if at is None:
                said.append(indent(_item(_needed(new)) if key is None else _block({key: _needed(new)}), column))
                continue
            child = children[at]
            text = self.text[begins[at] : self.begin(child)] + self.changed(child, old, new)
            said.append((column if follows and at == 0 else "") + text + self.text[self.end(child) : ends[at]])
        return "\n".join(said).lstrip(" \n") if follows else "\n".join(said)


def _is_block(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode) and not node.flow_style


def _children(node: yaml.CollectionNode) -> list[yaml.Node]:
    return [child for _, child in node.value] if isinstance(node, yaml.MappingNode) else node.value


def _wanted_by_key(node: yaml.MappingNode, old: dict, new: dict) -> list[_Wanted]:
    """In the order of the text, unless entries changed places; one that is added follows the entry before it."""

    def stays(key: str) -> bool:
        return key in new and (new[key] not in _EMPTY or same(old.get(key), new[key]))

    def is_added(key: str) -> bool:
        # What the text leaves out says the same as before, but for a name, which is then the id.
        says_it = key in old and same(old[key], new[key]) and (key != "name" or old.get("id") == new.get("id"))
        return new[key] not in _EMPTY and not says_it

    places = {key.value: at for at, (key, _) in enumerate(node.value)}
    order = [key for key in places if stays(key)]
    before: str | None = None
    for key in new:
        if key not in places and is_added(key):
            order.insert(order.index(before) + 1 if before in order else 0, key)
        before = key if key in order else before
    if [key for key in old if key in new] != [key for key in new if key in old]:
        order = [key for key in new if key in order]
    return [_Wanted(places.get(key), old.get(key), new[key], key) for key in order]


def _needed(value: object) -> object:
    """Without the settings that are empty: leaving them out says the same, but for what records are held against."""
    if isinstance(value, dict):
        return {
            key: held if key in KEEP_THEIR_KIND else _needed(held) for key, held in value.items() if held not in _EMPTY
        }
    return [_needed(item) for item in value] if isinstance(value, list) else value


class _Dumper(yaml.SafeDumper):
    """Repeats, and refers to nothing."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


def _represented(dumper: _Dumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, None if text.isprintable() else '"')


_Dumper.add_representer(str, _represented)


def _flow(value: object, style: str | None = None) -> str:
    """On one line. Within brackets, for a text that may stand alone may not stand in a list."""
    return yaml.dump(
        [value],
        Dumper=_Dumper,
        default_flow_style=True,
        default_style=style if style in ("'", '"') else None,
        allow_unicode=True,
        sort_keys=False,
        width=float("inf"),
    ).strip()[1:-1]


def _block(entries: dict) -> str:
    """A line for each entry, as in the files that ship: lists of entries, and measures by tier, below their key."""
    lines = []
    for key, value in entries.items():
        if value and isinstance(value, list) and all(isinstance(item, dict) for item in value):
            lines += [f"{key}:", *(indent(_item(item), "  ") for item in value)]
        elif value and isinstance(value, dict) and all(isinstance(held, dict) for held in value.values()):
            lines += [f"{key}:", indent(_block(value), "  ")]
        else:
            lines.append(f"{key}: {_flow(value)}")
    return "\n".join(lines)


def _item(entries: dict) -> str:
    return "- " + indent(_block(entries), "  ").lstrip(" ")
