"""Numbers as people write them, as signalling brings them, and as we may ring them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.errors import Refused
from pbx.rules.numbers import Extension, Number, Withheld, believed, caller, groups, may_ring, parse_number, shown

SWEDEN = frozenset({"46"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("+46701740605", "+46701740605"),
        ("070-174 06 05", "+46701740605"),
        ("0701740605", "+46701740605"),
        ("0735-12 34 56", "+46735123456"),
        ("+46 (0)735-12 34 56", "+46735123456"),
        ("+46(0)735123456", "+46735123456"),
        ("0046735123456", "+46735123456"),
        ("0046 (0) 735 12 34 56", "+46735123456"),
        ("46735123456", "+46735123456"),
        ("735123456", "+46735123456"),
        ("  073.512.34.56  ", "+46735123456"),
        ("073/512 34 56", "+46735123456"),
        ("073\u2011512\u00a034\u00a056", "+46735123456"),
        ("08-123 45 67", "+4681234567"),
        ("(08) 12 34 56", "+468123456"),
        ("0411-123 45", "+4641112345"),
        ("010-123 45 67", "+46101234567"),
        ("+44 20 7946 0123", "+442079460123"),
    ],
)
def test_an_administrator_may_write_a_number_in_any_usual_way(typed: str, meant: str) -> None:
    assert parse_number(typed) == Number(meant)


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "abc", "+", "+4673", "12", "1177", "0735-12 34", "+46735123456789", "0735123456 0735123457"),
        *("0735123456x9", "1-800-FLOWERS", "+46735123456&PJSIP/101", "0735123456;ext=9", "tel:+46735123456"),
        *(
            "٠٧٣٥١٢٣٤٥٦",
            "０７３５１２３４５６",
            "0735123456\x00",
            "0" * 5000,
            "+46" + "7" * 5000,
            "--------",
            "(((((((((",
        ),
    ],
)
def test_what_is_no_number_is_refused_with_the_right_form(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_number(typed)
    assert refused.value.says == "number-form"


@pytest.mark.parametrize("typed", ["112", "+46112", "0046 112", "90000"])
def test_an_emergency_number_is_refused_as_what_it_is(typed: str) -> None:
    with pytest.raises(Refused, match="number-emergency"):
        parse_number(typed)


@pytest.mark.parametrize("typed", ["118118", "118 800", "11899"])
def test_directory_enquiries_are_refused_as_costly(typed: str) -> None:
    with pytest.raises(Refused, match="number-premium"):
        parse_number(typed)


@pytest.mark.parametrize("number", ["+46701740605", "+46735123456", "+4681234567", "+46101234567", "+46411123456"[:11]])
def test_ordinary_swedish_numbers_may_be_rung(number: str) -> None:
    may_ring(Number(number), SWEDEN)


@pytest.mark.parametrize(
    "number",
    [
        "+469001234567",  # premium
        "+469391234567",
        "+469441234567",
        "+46771234567",  # shared cost
        "+4620123456",  # freephone
        "+46740123456",  # paging
        "+46751234567",  # personal numbers
        "+8816123456789",  # satellite
        "+870773123456",
        "+882161234567",
        "+979123456789",
        "+80012345678",
    ],
)
@pytest.mark.parametrize("countries", [SWEDEN, frozenset({"46", "881", "870", "882", "979", "800"})])
def test_costly_numbers_are_never_rung_whatever_countries_are_allowed(number: str, countries: frozenset[str]) -> None:
    with pytest.raises(Refused) as refused:
        may_ring(Number(number), countries)
    assert refused.value.says in {"number-premium", "number-form"}


@pytest.mark.parametrize("number", ["+442079460123", "+4712345678", "+18765551234", "+12125550123", "+37167123456"])
def test_a_number_abroad_is_refused_until_its_country_is_allowed(number: str) -> None:
    with pytest.raises(Refused, match="number-country"):
        may_ring(Number(number), SWEDEN)


def test_a_country_that_is_allowed_may_be_rung() -> None:
    may_ring(Number("+442079460123"), frozenset({"46", "44"}))


def test_a_country_may_not_be_allowed_by_its_first_digit() -> None:
    with pytest.raises(Refused, match="number-country"):
        may_ring(Number("+46735123456"), frozenset({"4"}))


@pytest.mark.parametrize(
    ("raw", "who"),
    [
        ("201", Extension("201")),
        ("10", Extension("10")),
        ("123456", Extension("123456")),
        ("+46735123456", Number("+46735123456")),
        ("46735123456", Number("+46735123456")),
        ("0735123456", Number("+46735123456")),
        ("004581234567", Number("+4581234567")),
        ("anonymous", Withheld()),
        ("", Withheld()),
        ("restricted", Withheld()),
        ("1", Withheld()),
        ("' OR 1=1 --", Withheld()),
        ('"; rm -rf /', Withheld()),
        ("$(id)", Withheld()),
        ("<script>", Withheld()),
        ("åäö %s\r\n", Withheld()),
        ("+46735123456&PJSIP/101", Withheld()),
        ("201@evil", Withheld()),
    ],
)
def test_a_caller_is_a_number_an_extension_or_nobody(raw: str, who: object) -> None:
    assert caller(raw) == who


@given(st.text(max_size=60) | st.text(alphabet="+0123456789 ()-./x;&", max_size=40))
def test_no_signalling_ever_makes_a_caller_fail_or_lets_other_characters_through(raw: str) -> None:
    match caller(raw):
        case Number(text) | Extension(text):
            assert set(text) <= set("+0123456789")
        case Withheld():
            pass


@given(st.text(max_size=60) | st.text(alphabet="+0123456789 ()-./", max_size=30))
def test_typing_anything_gives_a_number_or_a_refusal_in_words(raw: str) -> None:
    with contextlib.suppress(Refused):
        number = parse_number(raw)
        assert parse_number(number.e164) == number
        assert parse_number(shown(number, "sv")) == number


@pytest.mark.parametrize(
    ("number", "people_read", "read_out"),
    [
        ("+46735123456", "0735-12 34 56", ["0735", "12", "34", "56"]),
        ("+46701740605", "0701-74 06 05", ["0701", "74", "06", "05"]),
        ("+4681234567", "08-123 45 67", ["08", "123", "45", "67"]),
        ("+442079460123", "+44 20 7946 0123", ["+44", "20", "7946", "0123"]),
    ],
)
def test_a_number_is_shown_as_swedes_write_it(number: str, people_read: str, read_out: list[str]) -> None:
    assert shown(Number(number), "sv") == shown(Number(number), "en") == people_read
    assert groups(number) == read_out


def test_an_extension_is_believed_of_an_authenticated_phone_only() -> None:
    number = Number("+46735123456")
    assert [believed(who, "") for who in (Extension("201"), number, Withheld())] == [Withheld(), number, Withheld()]
    assert [believed(who, "a1b2c3") for who in (Extension("201"), number)] == [Extension("201"), number]


def test_a_withheld_number_and_an_extension_are_shown_in_words() -> None:
    assert [shown(Withheld(), lang) for lang in ("sv", "en")] == ["dolt nummer", "withheld number"]
    assert shown(Extension("201"), "sv") == "201"


@pytest.mark.parametrize("wrong", ["46735123456", "+0735123456", "+46", "+46735123456\n", "+4673512345x", ""])
def test_a_number_that_is_not_e164_cannot_exist(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"not E\.164"):
        Number(wrong)


@pytest.mark.parametrize("wrong", ["1", "1234567", "20a", "", "201\n"])
def test_an_extension_that_is_none_cannot_exist(wrong: str) -> None:
    with pytest.raises(ValueError, match="not an extension"):
        Extension(wrong)
