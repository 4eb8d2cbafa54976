"""What the parts of a Word template may not be: anything from outside the file, or a program in it.

A template comes from elsewhere and is opened by whoever gets the paper. Links of text to a page (http, https) stay:
they fetch nothing unless a reader follows them. All else that Word would fetch, run or take in is refused: attached
templates, pictures and frames from elsewhere, OLE objects and controls, joined documents (altChunk, subdocuments),
data sources, and fields but those that count, date or refer within the document (ECMA-376 parts 1 and 2).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

from lxml import etree

from analytics.errors import BriefingError

FIELD_CODES = (
    *("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE"),
    *("TITLE", "SUBJECT", "STYLEREF", "REF", "PAGEREF", "NOTEREF", "SEQ", "TOC", "HYPERLINK", "SYMBOL", "EQ"),
)
"""Fields of Word that a template may have: none of them reads another file, runs anything or names who edited it."""

_TAKEN_IN = (
    *("oleObject", "package", "control", "activeXControlBinary", "aFChunk", "subDocument", "vbaProject", "wordVbaData"),
    *("frame", "attachedTemplate", "attachedSchema", "mailMergeSource", "mailMergeHeaderSource", "recipientData"),
    *("transform", "externalLink", "externalLinkPath", "keyMapCustomizations", "attachedToolbars", "video", "audio"),
)
"""Kinds of relationship that a template may not have, wherever they lead to."""
_ELEMENTS = (
    *(
        "altChunk",
        "subDoc",
        "OLEObject",
        "OLELink",
        "control",
        "ocx",
        "attachedTemplate",
        "attachedSchema",
        "mailMerge",
    ),
    *("saveThroughXslt", "frameset", "linkToQuery", "foreignObject", "script", "contentPart", "movie"),
)
_FOLDERS = re.compile(
    r"(?:^|/)(?:embeddings|activex|macros)/|vbaproject\.bin$|vbadata\.xml$|\.(?:exe|dll|js|vbs|hta|dotm|docm)$"
)
_OPENED_OF_ITSELF = ("src", "href", "link", "schemaLocation", "noNamespaceSchemaLocation", "manifestLocation", "url")
_ABROAD = re.compile(r"\s*(?:[a-z][a-z0-9+.\-]*:|\\\\|//|/)", re.IGNORECASE)
_A_PAGE = re.compile(r"https?://[^\s\\]+", re.IGNORECASE)
_WITHIN = re.compile(r"(?:data:image/(?:png|jpeg|gif);|cid:|#)", re.IGNORECASE)
_FIELD_TARGET = re.compile(
    r'HYPERLINK\s+(?:(?:\\[lont])\s+)*(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"\\]+))', re.IGNORECASE
)
_QUOTED = 40  # letters of what a sentence says of a part


def require_own_names(names: Sequence[str]) -> None:
    """Raise :class:`BriefingError` where a name of a zip's part leads out of it, or stands in it twice."""
    seen = set()
    for name in names:
        plain = posixpath.normpath(name.rstrip("/")).casefold()
        odd = "\\" in name or ":" in name or "\0" in name or name.startswith("/")
        if odd or plain != name.rstrip("/").casefold() or plain.startswith("..") or plain in seen:
            raise BriefingError.because("papers.template_paths", part=_shown(name))
        seen.add(plain)
        if _FOLDERS.search(plain):
            raise BriefingError.because("papers.template_taken_in", part=_shown(name), what=_shown(name.split("/")[-1]))


def require_own_parts(trees: Mapping[str, etree._Element]) -> None:
    """Raise :class:`BriefingError` where a part (its name → its XML) brings in anything from outside, holds a program,
    an object or a joined document, or a field that is not of :data:`FIELD_CODES`."""
    for name, tree in trees.items():
        for instruction in tree.getroottree().xpath("//processing-instruction()"):
            raise _outside(name, instruction.target)
        if name == "[Content_Types].xml":
            _require_no_macros(name, tree)
        if name.endswith(".rels"):
            _require_inside(name, tree)
        else:
            _require_plain_elements(name, tree)
            for code in _field_codes(tree):
                _require_field(name, code)


def _require_no_macros(name: str, tree: etree._Element) -> None:
    for entry in tree.iter(etree.Element):
        kind = entry.get("ContentType", "").casefold()
        if any(sign in kind for sign in ("macroenabled", "vbaproject", "activex", "oleobject")):
            raise BriefingError.because("papers.template_taken_in", part=_shown(name), what=_shown(kind.split(".")[-1]))


def _require_inside(name: str, tree: etree._Element) -> None:
    folder = posixpath.dirname(posixpath.dirname(name))
    for entry in tree.iter(etree.Element):
        target, kind = entry.get("Target"), entry.get("Type", "").rsplit("/", 1)[-1]
        if target is None:
            continue
        if kind in _TAKEN_IN:
            raise BriefingError.because("papers.template_taken_in", part=_shown(name), what=_shown(kind))
        if entry.get("TargetMode", "").casefold() == "external":
            if kind != "hyperlink" or not _A_PAGE.fullmatch(target):
                raise _outside(name, kind)
            continue
        plain = unquote(target).replace("\\", "/").partition("#")[0]
        led = posixpath.normpath(posixpath.join(folder, plain)) if plain else "."
        leaves = led.startswith("..") or re.match(r"[a-z][a-z0-9+.\-]*:|//", plain, re.IGNORECASE)
        if leaves and not (kind == "hyperlink" and not plain):
            raise _outside(name, kind)


def _require_plain_elements(name: str, tree: etree._Element) -> None:
    for entry in tree.iter(etree.Element):
        if _local(entry.tag) in _ELEMENTS:
            raise BriefingError.because("papers.template_taken_in", part=_shown(name), what=_local(entry.tag))
        for key, value in entry.attrib.items():
            opened = _local(key) in _OPENED_OF_ITSELF and _ABROAD.match(value) and not _WITHIN.match(value)
            # A pair of a name of XML and where its schema lies is a fetch; a link of text that is a page is none.
            if opened and not (
                _local(key) == "href" and _A_PAGE.fullmatch(value) and _local(entry.tag) in ("shape", "a")
            ):
                raise _outside(name, _local(entry.tag))
            if _local(key) == "schemaLocation":
                raise _outside(name, _local(key))
            if _local(key) == "style" and re.search(r"url\s*\(|@import", value, re.IGNORECASE):
                raise _outside(name, _local(entry.tag))


def _field_codes(tree: etree._Element) -> Iterator[str]:
    """What each field says, whichever runs it is written in. A field within the name of another hides that name."""
    open_fields: list[str] = []
    for entry in tree.iter(etree.Element):
        match _local(entry.tag):
            case "fldSimple":
                yield _attribute(entry, "instr")
            case "fldChar":
                kind = _attribute(entry, "fldCharType")
                if kind == "begin":
                    open_fields.append("")
                elif kind in ("separate", "end") and open_fields:
                    if kind == "separate":
                        yield open_fields[-1]
                        open_fields[-1] = "\0"
                    elif (code := open_fields.pop()) != "\0":
                        yield code
            case "instrText" | "delInstrText":
                if open_fields and open_fields[-1] != "\0":
                    open_fields[-1] += entry.text or ""
                else:
                    yield entry.text or ""
    yield from (code for code in open_fields if code != "\0")


def _require_field(name: str, code: str) -> None:
    words = code.split()
    if not words or words[0].upper() not in FIELD_CODES:
        what = _shown(words[0] if words else "{ }")
        raise BriefingError.because("papers.template_field", part=_shown(name), what=what, known=list(FIELD_CODES))
    if words[0].upper() == "HYPERLINK":
        found = _FIELD_TARGET.match(code.strip())
        target = (found["quoted"] or found["bare"] or "") if found else ""
        within = re.match(r"HYPERLINK\s+\\l", code.strip(), re.IGNORECASE)
        if not within and not _A_PAGE.fullmatch(target):
            raise _outside(name, "HYPERLINK")


def _outside(part: str, what: str) -> BriefingError:
    return BriefingError.because("papers.template_outside", part=_shown(part), what=_shown(what))


def _attribute(entry: etree._Element, name: str) -> str:
    return next((value for key, value in entry.attrib.items() if _local(key) == name), "")


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _shown(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())[:_QUOTED]
