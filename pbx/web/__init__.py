"""The pages: what administrators, users and the operator see. A folder for each page: handler, template and words."""

from pbx.web.site import Site

__all__ = ["Site"]
