"""Word templates with parts from elsewhere, programs or objects are refused in a sentence; ordinary ones are filled."""

import io
import warnings
import zipfile

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from analytics.briefing.document import document, starter_template
from analytics.errors import BriefingError
from analytics.words import LANGUAGES
from tests.briefing.test_document import bytes_of, opened, repacked, template, texts

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HOST = "http://localhost/remote-marker"
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rIdX" Type="{type}" Target="{target}"{mode}/></Relationships>'
)
EXTERNAL = ' TargetMode="External"'


def part(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        return held.read(name).decode()


def related(kind, target, mode=EXTERNAL, of="settings"):
    """A template one part of which has one relationship more."""
    good = template("{{ title }}")
    rels = RELS.format(type=f"{OFFICE}/{kind}", target=target, mode=mode)
    name = f"word/_rels/{of}.xml.rels"
    if of == "document":
        rels = part(good, name).replace("</Relationships>", rels[rels.index("<Relationship Id") :])
    return repacked(good, {name: rels})


def with_body(xml):
    made = docx.Document()
    paragraph = made.add_paragraph("{{ title }}")
    paragraph._p.append(parse_xml(f'<w:r {nsdecls("w", "r", "a")} xmlns:v="urn:schemas-microsoft-com:vml" '
                                  f'xmlns:o="urn:schemas-microsoft-com:office:office">{xml}</w:r>'))  # fmt: skip
    return bytes_of(made)


def with_fields(*pieces):
    """A field whose instruction is written in several runs; "[" and "]" begin and end a field within it."""
    signs = {"[": '<w:fldChar w:fldCharType="begin"/>', "]": '<w:fldChar w:fldCharType="end"/>'}
    inside = "".join(signs.get(piece, f'<w:instrText xml:space="preserve">{piece}</w:instrText>') for piece in pieces)
    return with_body(f'{signs["["]}{inside}<w:fldChar w:fldCharType="separate"/><w:t>1</w:t>{signs["]"]}')


def with_simple_field(code):
    made = docx.Document()
    paragraph = made.add_paragraph("{{ title }}")
    paragraph._p.append(parse_xml(f"<w:fldSimple {nsdecls('w')} w:instr='{code}'/>"))
    return bytes_of(made)


def added_to(name, old, new):
    good = template("{{ title }}")
    changed = part(good, name).replace(old, new, 1)
    assert new in changed
    return repacked(good, {name: changed})


def duplicated():
    target = io.BytesIO(template("{{ title }}"))
    with warnings.catch_warnings(), zipfile.ZipFile(target, "a") as made:
        warnings.simplefilter("ignore")
        made.writestr("word/document.xml", part(target.getvalue(), "word/document.xml"))
    return target.getvalue()


def embedded(name):
    return repacked(template("{{ title }}"), {name: b"\xd0\xcf\x11\xe0" + bytes(600)})


SETTINGS = "word/settings.xml"
REFUSED = {
    "attached template": lambda: related("attachedTemplate", f"{HOST}.dotm"),
    "attached template of a share": lambda: related("attachedTemplate", r"\\host\share\a.dotx"),
    "attached template, inside": lambda: related("attachedTemplate", "a.dotx", ""),
    "attached template, element": lambda: added_to(SETTINGS, "<w:zoom", '<w:attachedTemplate r:id="rId1"/><w:zoom'),
    "picture from a host": lambda: related("image", f"{HOST}.png", of="document"),
    "picture of a file": lambda: related("image", "file:///c:/a.png", of="document"),
    "header's picture from a host": lambda: related("image", f"{HOST}.png", of="header1"),
    "OLE link": lambda: related("oleObject", f"{HOST}.xlsx", of="document"),
    "OLE inside": lambda: related("oleObject", "embeddings/a.bin", "", of="document"),
    "package inside": lambda: related("package", "embeddings/a.xlsx", "", of="document"),
    "control": lambda: related("control", "activeX/activeX1.xml", "", of="document"),
    "altChunk": lambda: related("aFChunk", "chunk.html", "", of="document"),
    "subdocument": lambda: related("subDocument", "a.docx", of="document"),
    "frame": lambda: related("frame", f"{HOST}.htm", of="webSettings"),
    "mail merge": lambda: related("mailMergeSource", "file:///c:/a.mdb"),
    "link that is an object": lambda: related("hyperlink", "file://host/share/a", of="document"),
    "link that runs": lambda: related("hyperlink", "javascript:alert(1)", of="document"),
    "link of a program": lambda: related("hyperlink", "ms-msdt:/id", of="document"),
    "target out of the package": lambda: related("image", "../../../etc/passwd", "", of="document"),
    "target with a host, called internal": lambda: related("image", f"{HOST}.png", "", of="document"),
    "unknown kind from a host": lambda: related("newKind", HOST, of="document"),
    "OLE file": lambda: embedded("word/embeddings/oleObject1.bin"),
    "embedded workbook": lambda: embedded("word/embeddings/a.xlsx"),
    "activeX": lambda: embedded("word/activeX/activeX1.bin"),
    "macros": lambda: embedded("word/vbaProject.bin"),
    "macros elsewhere": lambda: embedded("custom/VBAProject.bin"),
    "content type of macros": lambda: added_to(
        "[Content_Types].xml", "wordprocessingml.document.main+xml", "wordprocessingml.document.macroEnabled.main+xml"
    ),
    "altChunk, element": lambda: with_body('<w:altChunk r:id="rId1"/>'),
    "subdocument, element": lambda: with_body('<w:subDoc r:id="rId1"/>'),
    "OLE, element": lambda: with_body('<w:object><o:OLEObject Type="Embed" ProgID="Excel.Sheet"/></w:object>'),
    "control, element": lambda: with_body('<w:control r:id="rId1"/>'),
    "VML picture": lambda: with_body(f'<w:pict><v:shape><v:imagedata src="{HOST}.png"/></v:shape></w:pict>'),
    "VML picture of a share": lambda: with_body(r'<w:pict><v:rect><v:fill src="\\host\a.png"/></v:rect></w:pict>'),
    "VML href": lambda: with_body(f'<w:pict><v:shape><v:imagedata o:href="{HOST}.png"/></v:shape></w:pict>'),
    "mail merge, element": lambda: added_to(SETTINGS, "<w:zoom", "<w:mailMerge/><w:zoom"),
    "schema of a host": lambda: added_to(SETTINGS, "<w:zoom", f'<w:attachedSchema w:val="{HOST}"/><w:zoom'),
    "schema of own data": lambda: repacked(
        template("{{ title }}"),
        {"customXml/item1.xml": f'<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
                                f'xsi:schemaLocation="urn:a {HOST}.xsd"/>'},
    ),
    "style sheet": lambda: repacked(
        template("{{ title }}"), {"customXml/item1.xml": f'<?xml-stylesheet type="text/xsl" href="{HOST}.xsl"?><a/>'}
    ),
    "declaration in a part without the ending": lambda: repacked(
        template("{{ title }}"), {"word/item.dat": f'<!DOCTYPE a SYSTEM "{HOST}.dtd"><a/>'}
    ),
    "entity in own data": lambda: repacked(
        template("{{ title }}"),
        {"customXml/item1.xml": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'},
    ),
    "billion laughs": lambda: repacked(
        template("{{ title }}"),
        {"customXml/item1.xml": '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]><a>&c;&c;</a>'},
    ),
    "svg that runs": lambda: repacked(template("{{ title }}"), {"word/media/a.svg": "<svg><script>1</script></svg>"}),
    "svg from a host": lambda: repacked(
        template("{{ title }}"), {"word/media/a.svg": f'<svg><image href="{HOST}.png"/></svg>'}
    ),
    "path up": lambda: repacked(template("{{ title }}"), {"../evil.xml": "<a/>"}),
    "path up within": lambda: repacked(template("{{ title }}"), {"word/../../evil.xml": "<a/>"}),
    "path from the root": lambda: repacked(template("{{ title }}"), {"/etc/evil.xml": "<a/>"}),
    "path of a drive": lambda: repacked(template("{{ title }}"), {"c:/evil.xml": "<a/>"}),
    "path the other way": lambda: repacked(template("{{ title }}"), {"word\\evil.xml": "<a/>"}),
    "a part twice": duplicated,
    "a part twice by its capitals": lambda: repacked(template("{{ title }}"), {"word/Document.xml": "<a/>"}),
    **{
        f"field {code}": lambda code=code: with_fields(f" {code} ")
        for code in (
            f'INCLUDETEXT "{HOST}"', f'INCLUDEPICTURE "{HOST}" \\d', "DDE Excel a b", "DDEAUTO c:\\\\a b",
            "LINK Excel.Sheet.8 a", "IMPORT a", "DATABASE \\d a", "MACROBUTTON a b", "AUTOTEXT a", "USERNAME",
            'HYPERLINK "file://host/a"', 'HYPERLINK "javascript:1"', "{{ title }}", "IF 1 = 1 a b", "QUOTE 68 68",
        )
    },
    "field in parts": lambda: with_fields(" INC", "LUDE", "TEXT ", f'"{HOST}" '),
    "field in small letters": lambda: with_fields(f' includetext "{HOST}" '),
    "field whose name is a field": lambda: with_fields("[", "QUOTE 68", "]", " x"),
    "field in a field": lambda: with_fields(" REF ", "[", f' INCLUDEPICTURE "{HOST}" ', "]"),
    "simple field": lambda: with_simple_field(f'INCLUDETEXT "{HOST}"'),
}  # fmt: skip


OWN = [f"papers.template_{name}" for name in ("outside", "taken_in", "field", "paths")]
ENTITIES = ["papers.template_not_word"]
DECLARED = ("declaration in a part without the ending", "entity in own data", "billion laughs")


@pytest.mark.parametrize("case", REFUSED)
def test_what_comes_from_outside_or_runs_is_refused_in_a_sentence(second, case):
    content = REFUSED[case]()
    with pytest.raises(BriefingError) as refused:
        document(second["zh"], content)
    (problem,) = refused.value.problems
    assert problem.key in (ENTITIES if case in DECLARED else OWN)
    for lang, said in zip(LANGUAGES, ("重新上传", "upload it again"), strict=True):
        assert said in refused.value.text(lang)
        assert "remote-marker" not in refused.value.text(lang)


def test_the_cases_are_refused_for_their_own_sake(second):
    """Each of them is a template that would be filled without the one thing."""
    assert texts(opened(document(second["zh"], template("{{ title }}"))))[0] == second["zh"].bulletin_title
    assert len(REFUSED) > 60


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_starter_and_ordinary_templates_are_filled(second, lang):
    document(second[lang], starter_template(lang))
    made = docx.Document()
    paragraph = made.add_paragraph("{{ title }} ")
    link = parse_xml(f"<w:hyperlink {nsdecls('w', 'r')}><w:r><w:t>link</w:t></w:r></w:hyperlink>")
    link.set(qn("r:id"), paragraph.part.relate_to(HOST, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    paragraph._p.append(link)
    for code in (" PAGE ", " NUMPAGES ", ' DATE \\@ "yyyy年M月d日" ', f' HYPERLINK "{HOST}" ', ' HYPERLINK \\l "a" '):
        paragraph._p.append(
            parse_xml(f"<w:fldSimple {nsdecls('w')} w:instr='{code}'><w:r><w:t>1</w:t></w:r></w:fldSimple>")
        )
    assert texts(opened(document(second[lang], bytes_of(made))))[0].startswith(second[lang].bulletin_title)
    document(second[lang], with_fields(" PA", "GE "))
