"""`python -m pbx.asterisk CACHE [--anew]` makes the base; set-up runs it early, so it needs nothing installed."""

import asyncio
import sys
from pathlib import Path

from pbx.asterisk.base import make_base
from pbx.errors import VaxelError

try:
    print(asyncio.run(make_base(Path(sys.argv[1]).absolute(), anew="--anew" in sys.argv[2:])).file)
except VaxelError as e:
    sys.exit(str(e))
