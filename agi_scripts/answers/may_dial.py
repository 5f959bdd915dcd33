"""May this phone dial that number? Asked only for companies whose row says `refine`."""

from agi_scripts.answers.server import Question, Script
from pbx.errors import Refused
from pbx.rules.numbers import may_ring, parse_number


def may_dial(countries: frozenset[str]) -> Script:
    """Numbers of these countries (E.164 codes) that cost what a call costs."""

    async def script(question: Question) -> None:
        _company, _phone, dialled, *_ = question.args
        try:
            may_ring(parse_number(dialled), countries)
        except Refused:
            await question.answer("ANSWER", "no")
        else:
            await question.answer("ANSWER", "yes")

    return script
