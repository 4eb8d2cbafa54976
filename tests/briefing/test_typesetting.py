"""The typesetter gives a whole document or a sentence, whatever becomes of it."""

import subprocess
from pathlib import Path

import pytest

from analytics.briefing import typesetting
from analytics.briefing.typesetting import typeset
from analytics.errors import BriefingError

HELLO = '#set document(date: none)\n#set text(font: "Five Colour Sans")\n#json("data.json").said'
REFUSING = '#let told = json("data.json")\n#panic("briefing-refused:" + told.place + "|" + told.said)'


@pytest.fixture
def template(tmp_path, monkeypatch):
    """Write a template that `typeset` finds by the name "own"."""
    monkeypatch.setattr(typesetting, "TEMPLATES", tmp_path)
    return (tmp_path / "own.typ").write_text


@pytest.mark.parametrize("form", ["png", "pdf", "svg"])
def test_each_form_is_what_it_says_and_the_same_each_time(template, form):
    template(HELLO)
    made = typeset("own", {"said": "红▲橙◆黄■蓝●绿✔"}, form)
    assert made.startswith({"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<svg"}[form])
    assert made == typeset("own", {"said": "红▲橙◆黄■蓝●绿✔"}, form)


def test_a_sign_that_the_font_lacks_is_named_at_any_depth(template):
    template(HELLO)
    with pytest.raises(BriefingError, match="𰻝"):
        typeset("own", {"said": "好", "deep": [{"x": ["𰻝"]}]}, "png")


def test_a_text_that_does_not_fit_is_named_with_its_place(template):
    template(REFUSING)
    with pytest.raises(BriefingError) as raised:
        typeset("own", {"said": '很长的“名”字"x"', "place": "标题"}, "png")
    assert '很长的“名”字"x"' in raised.value.text("zh")
    assert "标题" in raised.value.text("zh")


def test_a_template_that_fails_is_a_sentence_and_no_traceback(template):
    template("#undefined-name")
    with pytest.raises(BriefingError) as raised:
        typeset("own", {}, "png")
    assert "没有生成文件" in raised.value.text("zh")
    assert "Traceback" not in raised.value.text("en")


def test_a_typesetter_that_is_killed_midway_leaves_a_sentence_and_no_file(template, monkeypatch):
    template(HELLO)
    real = subprocess.run

    def killed(command, **settings):
        settings = {key: value for key, value in settings.items() if key not in ("timeout", "check", "capture_output")}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **settings)
        process.kill()
        out, err = process.communicate()
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    monkeypatch.setattr(subprocess, "run", killed)
    with pytest.raises(BriefingError, match="no file was made"):
        typeset("own", {"said": "好"}, "png")
    monkeypatch.setattr(subprocess, "run", real)
    assert typeset("own", {"said": "好"}, "png")


def test_half_a_document_is_none(template, monkeypatch):
    template(HELLO)
    whole = typeset("own", {"said": "好"}, "png")
    real = subprocess.run

    def cut(command, **settings):
        done = real(command, **settings)
        target = next(part for part in command if str(part).endswith("made.png"))
        with Path(target).open("wb") as file:
            file.write(whole[:-20])
        return done

    monkeypatch.setattr(subprocess, "run", cut)
    with pytest.raises(BriefingError, match="no file was made"):
        typeset("own", {"said": "好"}, "png")


def test_a_typesetter_that_hangs_is_given_up(template, monkeypatch):
    template("#let f(n) = if n > 0 { f(n - 1) }\n#for i in range(100000000) { f(50) }")
    monkeypatch.setattr(typesetting, "SECONDS", 1)
    with pytest.raises(BriefingError, match="within 1 seconds"):
        typeset("own", {}, "png")
