"""The operator's own recordings of what the system says are heard also where Asterisk speaks without us."""

from pathlib import Path

from pbx.library.parcel import wav
from tests.audio.takes import telephone_speech
from tests.calls.cast import invited
from tests.calls.switchboard import Switchboard
from tests.phone import Pcm, audio

WE_ARE_AWAY = ("survival", "survival-voicemail-soon")


def replace(board: Switchboard, tmp_path: Path, key: str) -> Pcm:
    """What is heard of it from now on."""
    file = tmp_path / f"{key}.wav"
    file.write_bytes(wav.encode(telephone_speech(f"the operator says {key}", 2.0)))
    board.cli("sounds", "replace", key, str(file), "--lang", "sv")
    return audio.read(board.settings.own_sounds / "sv" / f"{key}.alaw")


async def test_an_own_phrase_is_heard_where_the_dialplan_speaks_and_the_built_one_where_it_is_gone(
    doomed: Switchboard, tmp_path: Path
) -> None:
    cast = await invited(doomed)
    own = {key: replace(doomed, tmp_path, key) for key in ("not-in-use", *WE_ARE_AWAY)}
    async with cast.alva.phone() as phone:
        call = phone.dial("299")
        await call.hear(own["not-in-use"][2400:8000])  # before an answer, a phone may miss how it begins and ends
        await call.hung_up()
        doomed.cli("sounds", "restore", "not-in-use", "--lang", "sv")
        call = phone.dial("299")
        await call.hear(doomed.prompt("not-in-use")[800:2600])
        await call.hung_up()
        doomed.kill()
        call = await phone.call("333")
        for key in WE_ARE_AWAY:
            await call.hear(own[key])
        await call.hung_up()
        for file in doomed.settings.own_sounds.rglob("survival.*"):
            file.unlink()
        call = await phone.call("333")
        await call.hear(doomed.prompt("survival"))
        await call.hear(own["survival-voicemail-soon"])
        await call.hung_up()
