"""Swedish texts: the rules in the order in which they are tried; the most special ones first."""

import re

from pbx.rules.said import addresses, phones
from pbx.rules.said.addresses import Signs
from pbx.rules.said.rewriting import Rule, numeric, rule, short_forms
from pbx.rules.said.swedish_amounts import MONEY, NUMBERS
from pbx.rules.said.swedish_times import DAYS
from pbx.rules.said.swedish_times import RULES as TIMES
from pbx.rules.said.swedish_words import group

_SHORT = {
    "bl.a.": "bland annat", "m.fl.": "med flera", "t.ex.": "till exempel", "d.v.s.": "det vill säga",
    "dvs.": "det vill säga", "dvs": "det vill säga", "o.s.v.": "och så vidare", "osv.": "och så vidare",
    "osv": "och så vidare", "etc.": "etcetera", "m.m.": "med mera", "o.d.": "och dylikt", "o.dyl.": "och dylikt",
    "f.d.": "före detta", "f.n.": "för närvarande", "f.ö.": "för övrigt", "s.k.": "så kallade",
    "p.g.a.": "på grund av", "pga.": "på grund av", "pga": "på grund av", "t.o.m.": "till och med",
    "fr.o.m.": "från och med", "m.a.o.": "med andra ord",
    "e.d.": "eller dylikt", "e.m.": "på eftermiddagen", "f.m.": "på förmiddagen", "i.o.m.": "i och med",
    "o.s.a.": "om svar anhålles", "t.v.": "tills vidare", "m.h.t.": "med hänsyn till", "a.k.a.": "även känd som",
    "mfl.": "med flera", "mfl": "med flera", "tex.": "till exempel", "ca.": "cirka", "ca": "cirka",
    "tel.": "telefon", "tel": "telefon", "tfn.": "telefon", "tfn": "telefon", "mob.": "mobil", "kl.": "klockan",
    "kl": "klockan", "nr.": "nummer", "nr": "nummer", "avd.": "avdelning", "ang.": "angående", "resp.": "respektive",
    "inkl.": "inklusive", "exkl.": "exklusive", "ev.": "eventuellt", "obs!": "observera,", "forts.": "fortsättning",
    "max.": "max", "vard.": "vardagar", "dr.": "doktor", "org.nr.": "organisationsnummer",
    "org.nr": "organisationsnummer", "s:t": "sankt", "s:ta": "sankta", "c/o": "care of", "p.s.": "post skriptum",
    "jfr": "jämför",
}  # fmt: skip
_ENDERS = frozenset({"m.fl.", "mfl.", "o.s.v.", "osv.", "etc.", "m.m.", "o.d.", "o.dyl.", "e.d.", "e.m.", "f.m."})
_SIGNS = Signs(at="snabel-a", dot="punkt", dash="streck", underscore="understreck", slash="snedstreck")

_SHORT_NUMBERS = (
    rule(r"(?<!\w)(?:(?<=ring )|(?<=larmnumret )|(?<=nödnumret ))112(?!\w)", "ett ett två"),
    rule(r"(?<![\w.,:/+-])1177(?!\w)", "elva sjuttiosju"),
    rule(r"(?<![\w.,:/+-])11([34]) 1([34])(?! ?\d)", lambda match: f"elva {group(match[1])} {group('1' + match[2])}"),
)

RULES: tuple[Rule, ...] = (
    *addresses.rules(_SIGNS),
    *DAYS,
    *numeric(*_SHORT_NUMBERS, *phones.rules(group), *MONEY, *TIMES),
    rule(r"(?<=[a-zåäö]) ?[-–] ?(?=den [a-zåäö])", " till "),
    short_forms(_SHORT, _ENDERS),
    *numeric(*NUMBERS),
    rule(r"(?<!\*)\*(?!\*)", " stjärna "),
    rule("#", " fyrkant "),
    rule(r" ?&(?:amp;)? ?", " och "),
    rule("@", " snabel-a "),
    rule("%", " procent "),
    rule("‰", " promille "),
    rule(r"\+", " plus "),
    rule("=", " lika med "),
    rule("§", " paragraf "),
    rule("€", " euro "),
    rule("°", " grader "),
    rule(r"~(?= ?\w)", " cirka "),
    rule(r"(?<=[^\W\d])/(?=[^\W\d])", " ", re.NOFLAG),
    rule("/", " snedstreck "),
)
