"""What of a person is told in a text in whatever dress, and that what an office writes of its own stays."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import LedgerError
from analytics.personal_numbers import has_check_digit, passes_luhn
from analytics.personal_text import KINDS, OFFICE_LINES, kinds_in, require_impersonal
from analytics.words import LANGUAGES, phrase
from tests.harmless_texts import AROUND, DRESSES, PLAIN, SHAPES, business_numbers, card, id_number, mobile, reasons


def test_there_are_sentences_and_dresses_enough():
    assert len(set(PLAIN)) + len(set(reasons(7, 1500))) > 1500
    assert len(PLAIN) > 150
    assert len(DRESSES) > 80
    assert {kind for kind, _ in DRESSES.values()} == set(KINDS)


def test_what_an_office_writes_is_not_refused():
    said = [*PLAIN, *reasons(7, 3000)]
    assert {text: kinds for text in said if (kinds := kinds_in(text))} == {}


@given(st.integers(0, 2**32), st.sampled_from(SHAPES))
def test_numbers_of_the_offices_own_are_not_refused_wherever_they_stand(seed, shape):
    draw = random.Random(seed)
    text = shape.format_map(business_numbers(draw))
    assert kinds_in(text) == ()
    assert kinds_in(f"{text}，{draw.choice(PLAIN)}") == ()


@pytest.mark.parametrize("dress", DRESSES)
def test_numbers_of_persons_are_told_in_every_dress(dress):
    kind, made = DRESSES[dress]
    for seed in range(20):
        draw = random.Random(seed)
        for around in AROUND:
            text = around.format(made(draw))
            assert kind in kinds_in(text), text


@given(st.integers(0, 2**32), st.sampled_from(sorted(DRESSES)), st.sampled_from(PLAIN), st.sampled_from(PLAIN))
def test_a_number_of_a_person_is_told_within_what_an_office_writes(seed, dress, before, after):
    kind, made = DRESSES[dress]
    assert kind in kinds_in(f"{before}，{made(random.Random(seed))}，{after}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sentence_says_field_and_kind_and_what_to_do_and_repeats_nothing(lang):
    for kind, made in DRESSES.values():
        text = made(random.Random(1))
        with pytest.raises(LedgerError) as refused:
            require_impersonal(phrase("personal.reason"), text, LedgerError)
        said = refused.value.text(lang)
        assert phrase(f"personal.{kind}").text(lang) in said
        assert phrase("personal.reason").text(lang) in said
        assert text not in said
        assert {"zh": "请删去", "en": "Remove it"}[lang] in said


def test_a_line_of_the_office_may_stand_where_it_is_allowed_and_a_mobile_not():
    require_impersonal(phrase("personal.reason"), "电话：0570-8888888", LedgerError, OFFICE_LINES)
    with pytest.raises(LedgerError):
        require_impersonal(phrase("personal.reason"), "0570-8888888", LedgerError)
    with pytest.raises(LedgerError):
        require_impersonal(phrase("personal.reason"), "13800000000", LedgerError, OFFICE_LINES)


def test_numbers_of_the_tests_are_what_they_say():
    draw = random.Random(3)
    assert has_check_digit("11010519491231002X")
    assert not has_check_digit("110105194912310021")
    assert passes_luhn("4111111111111111")
    assert not passes_luhn("4111111111111112")
    for _ in range(50):
        assert has_check_digit(id_number(draw))
        assert passes_luhn(card(draw))
        assert len(mobile(draw)) == 11


@given(st.text(max_size=200))
def test_any_text_is_read_without_a_fault(text):
    assert set(kinds_in(text)) <= set(KINDS)


@given(st.text("0123456789- +().X一三八零·", max_size=300))
def test_any_row_of_digits_is_read_without_a_fault(text):
    assert set(kinds_in(text)) <= set(KINDS)
