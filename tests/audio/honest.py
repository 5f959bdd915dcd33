"""Honest files, as people make and send them: all usual formats, rates and numbers of channels."""

from collections.abc import Iterable

from pbx.audio.pcm import Pcm, as_pcm, as_samples
from tests.audio.takes import telephone_speech

VIDEO = ("-f", "lavfi", "-i", "testsrc=s=64x64:r=5", "-shortest")
EIGHT = ("-ar", "192000", "-af", "pan=7.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0|c6=c0|c7=c0", "-c:a", "pcm_s32le")
HONEST = {
    "telephone.wav": ("-ar", "8000"),
    "a-law.wav": ("-ar", "8000", "-c:a", "pcm_alaw"),
    "studio.wav": ("-ar", "96000", "-c:a", "pcm_f32le"),
    "cinema.wav": EIGHT,
    "stereo.wav": ("-ar", "44100", "-ac", "2"),
    "one-side.wav": ("-af", "pan=stereo|c0=c0"),
    "usual.mp3": ("-ar", "44100", "-ac", "2", "-b:a", "128k"),
    "small.mp3": ("-ar", "8000", "-b:a", "16k"),
    "variable.mp3": ("-ar", "48000", "-q:a", "5"),
    "named-wrong.wav": ("-f", "mp3"),
    "iphone.m4a": ("-ar", "48000"),
    "lossless.m4a": ("-ar", "44100", "-c:a", "alac"),
    "radio.aac": ("-ar", "44100"),
    "vorbis.ogg": ("-ar", "44100", "-c:a", "libvorbis"),
    "whatsapp.opus": ("-ar", "48000"),
    "narrow.flac": ("-ar", "16000"),
    "wide.flac": ("-ar", "96000", "-sample_fmt", "s32", "-ac", "2"),
    "browser.webm": ("-ar", "48000", "-c:a", "libopus"),
    "browser-live.webm": ("-ar", "48000", "-c:a", "libopus", "-live", "1"),
    "mac.aiff": ("-ar", "44100"),
    "mac.caf": ("-ar", "44100"),
    "phone-film.mp4": VIDEO,
    "old-film.mov": (*VIDEO, "-c:a", "pcm_s16le"),
    "talk.mkv": (*VIDEO, "-c:a", "flac"),
}  # fmt: skip


def words_of(names: Iterable[str]) -> dict[str, Pcm]:
    """For each file other words, two seconds of them, some up to 12 dB quieter."""
    return {
        name: as_pcm(as_samples(telephone_speech(name, 2.0)) * 10 ** (-3.0 * (at % 5) / 20))
        for at, name in enumerate(names)
    }
