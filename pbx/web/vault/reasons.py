"""Why a copy is frozen, or erasing was stopped, which vault and brake write for the operator's log: in words."""

import re

from pbx.web.texts import Words


def reason(words: Words, text: str) -> str:
    """What none of them writes stays as it is."""
    for pattern, told in reasons_of(words).items():
        if found := re.fullmatch(pattern, text):
            return told % found.groupdict() if found.groupdict() else told
    return text


def reasons_of(words: Words) -> dict[str, str]:
    """By what is written, with what varies in it by name."""
    return {
        r"its mark is not there": words("Dess märke är borta: det kan vara en tom monteringspunkt"),
        r"it carries another copy's mark \(.*\)": words("Den bär en annan kopias märke"),
        r"it carries the mark of copy (?P<name>.+)": words("Den bär märket för kopia %(name)s"),
        r"it has content and no mark": words("Den har innehåll men inget märke"),
        r"it is new and not filled yet": words("Den är ny och inte fylld än"),
        r"(?P<wrong>\d+) of (?P<all>\d+) objects in use are not in it": words(
            "%(wrong)s av %(all)s ljud och bilder som används finns inte i den"
        ),
        r"(?P<wrong>\d+) of (?P<all>\d+) objects are missing or damaged in it": words(
            "%(wrong)s av %(all)s ljud och bilder saknas eller är skadade i den"
        ),
        r"(?P<gone>\d+) within an hour, of (?P<all>\d+); no more than (?P<most>\d+) go without a yes": words(
            "%(gone)s inom en timme, av %(all)s; högst %(most)s raderas utan ett ja"
        ),
        r"for good": words("för gott"),
        r"undo time is over": words("ångertiden är slut"),
    }
