"""Companies, users, phones, PINs, numbers, menus, and how people sign in."""

from pbx.company.accounts import Accounts
from pbx.company.browser_phones import BrowserPhones
from pbx.company.companies import Companies
from pbx.company.directory import CompanyDirectory, Directory
from pbx.company.log import Audit
from pbx.company.menus import Menus
from pbx.company.numbers import Numbers
from pbx.company.people import People
from pbx.company.pins import PinOk, Pins, PinWait, PinWrong
from pbx.company.pronunciations import Pronunciations
from pbx.company.signing_in import SignedIn, SigningIn, Wait, Wrong

__all__ = [
    "Accounts",
    "Audit",
    "BrowserPhones",
    "Companies",
    "CompanyDirectory",
    "Directory",
    "Menus",
    "Numbers",
    "People",
    "PinOk",
    "PinWait",
    "PinWrong",
    "Pins",
    "Pronunciations",
    "SignedIn",
    "SigningIn",
    "Wait",
    "Wrong",
]
