"""Where things lie in a copy of the vault. Nothing is shared between companies."""

import re
from pathlib import PurePath

from pbx.errors import VaxelError

COMPANIES = PurePath("companies")
OPERATOR = "00000000-0000-7000-8000-000000000000"
"""Where a company's id stands, for what is the operator's own: no company has it, and it has no catalogue."""
_COMPANY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"[0-9]{12}")


class BadName(VaxelError):
    """Something that is no company's id, no SHA-256 or no number was about to become a path."""


def object_name(company: str, sha256: str) -> str:
    """`companies/<id>/objects/ab/<sha256>`, to be put under a copy's folder. Raises BadName."""
    if not _COMPANY.fullmatch(company) or not _SHA256.fullmatch(sha256):
        raise BadName(f"{company[:40]!r} {sha256[:70]!r}")
    return f"companies/{company}/objects/{sha256[:2]}/{sha256}"


def object_path(company: str, sha256: str) -> PurePath:
    """The same, as a path."""
    return PurePath(object_name(company, sha256))


def sidecar_path(company: str, sha256: str) -> PurePath:
    """The same with `.json`: what the object is, for a person who has nothing but the vault."""
    return object_path(company, sha256).with_suffix(".json")


def catalogue_folder(company: str) -> PurePath:
    """`companies/<id>/catalogue`."""
    if not _COMPANY.fullmatch(company):
        raise BadName(f"{company[:40]!r}")
    return PurePath("companies", company, "catalogue")


def entry_path(company: str, name: str) -> PurePath:
    """`companies/<id>/catalogue/<number in 12 digits>`."""
    if not _NUMBER.fullmatch(name):
        raise BadName(f"{name[:20]!r}")
    return catalogue_folder(company) / name


def is_company(name: str) -> bool:
    return _COMPANY.fullmatch(name) is not None


def is_sha256(name: str) -> bool:
    return _SHA256.fullmatch(name) is not None


def is_number(name: str) -> bool:
    return _NUMBER.fullmatch(name) is not None
