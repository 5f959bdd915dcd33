"""A company's own words: what its list changes is spoken anew, and callers never meet silence meanwhile."""

import pytest

from pbx.company.pronunciations import MOST, Pronunciations
from pbx.errors import Refused
from tests.library.house import House, alike


async def heard(house: House) -> tuple[str, str]:
    playable = await house.library.messages.playable_message(house.world.exempel.id, house.world.welcome.id, "sv")
    return playable.heard, playable.media[0]


async def test_a_changed_word_is_spoken_anew_in_all_that_it_is_in(house: House) -> None:
    company, words = house.world.exempel.id, Pronunciations(house.world.store)
    await house.library.published.mend()
    _, before = await heard(house)
    await words.set(company, "exempel", "eksämpel", lang="sv", by="test")
    assert await heard(house) == ("spoken-script", before), "until the new one is there"
    house.voice.said.clear()
    assert await house.library.published.mend() > 0
    how, after = await heard(house)
    assert (how, after != before) == ("spoken-script", True)
    assert alike(house.sounds(after), house.said("Välkommen till eksämpel AB."))
    assert all("eksämpel" in text for text, _ in house.voice.said)
    assert await house.library.published.mend() == 0
    await words.remove(company, "EXEMPEL", lang="sv", by="test")
    await house.library.published.mend()
    assert (await heard(house))[1] == before


async def test_a_list_changes_nothing_in_another_company_or_language(house: House) -> None:
    await house.library.published.mend()
    house.voice.said.clear()
    words = Pronunciations(house.world.store)
    await words.set(house.world.exempel.id, "Nobody", "no body", lang="sv", by="test")
    assert await house.library.published.mend() == 0
    assert house.voice.said == []


async def test_a_word_is_in_the_list_once(house: House) -> None:
    company, words = house.world.exempel.id, Pronunciations(house.world.store)
    for word, spoken in (("Växel", "väksel"), ("VÄXEL", "veksel"), ("Ek & Co", "ek och kompani")):
        await words.set(company, word, spoken, lang="sv", by="test")
    assert [(one.word, one.spoken) for one in await words.all(company)] == [
        ("Ek & Co", "ek och kompani"),
        ("VÄXEL", "veksel"),
    ]


@pytest.mark.parametrize(
    ("word", "spoken", "lang", "says"),
    [
        ("", "x", "sv", "pronunciation-form"),
        ("?!", "x", "sv", "pronunciation-form"),
        ("x" * 81, "x", "sv", "pronunciation-form"),
        ("x", "", "sv", "pronunciation-form"),
        ("x", "…", "sv", "pronunciation-form"),
        ("x", "<speak></speak>", "sv", "pronunciation-form"),
        ("x", "\ud800", "sv", "pronunciation-form"),
        ("x", "y" * 161, "sv", "pronunciation-form"),
        ("x", "y", "de", "language-unknown"),
    ],
)
async def test_what_cannot_be_said_is_refused(house: House, word: str, spoken: str, lang: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        await Pronunciations(house.world.store).set(house.world.exempel.id, word, spoken, lang=lang, by="test")


async def test_a_full_list_takes_no_more(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    company, words = house.world.exempel.id, Pronunciations(house.world.store)
    assert MOST == 500
    monkeypatch.setattr("pbx.company.pronunciations.MOST", 1)
    await words.set(company, "a", "b", lang="sv", by="test")
    await words.set(company, "a", "c", lang="sv", by="test")
    with pytest.raises(Refused, match="pronunciation-full"):
        await words.set(company, "b", "c", lang="sv", by="test")
    with pytest.raises(Refused, match="pronunciation-unknown"):
        await words.remove(company, "b", lang="sv", by="test")
