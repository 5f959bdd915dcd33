"""A caller as two columns, and back."""

from pbx.rules.numbers import Caller, Extension, Number, Withheld


def columns(caller: Caller) -> dict[str, str]:
    match caller:
        case Number(e164):
            return {"caller_kind": "number", "caller_number": e164}
        case Extension(digits):
            return {"caller_kind": "extension", "caller_number": digits}
        case Withheld():
            return {"caller_kind": "withheld", "caller_number": ""}


def caller(kind: str, number: str) -> Caller:
    match kind:
        case "number":
            return Number(number)
        case "extension":
            return Extension(number)
        case _:
            return Withheld()
