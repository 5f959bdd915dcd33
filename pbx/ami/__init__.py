"""AMI behind a few typed methods: leading calls on, and a typed stream of what phones and calls do.

Two accounts, each with the least that it needs: `warden` may lead calls and learns nothing, `watch` learns and may
change nothing but our registration with the carrier. All else is done over ARI.
"""

from pbx.ami.connection import AmiAway
from pbx.ami.events import CallEnded, CallIs, Event, PhoneIs, PhoneState
from pbx.ami.leading import Ami
from pbx.ami.watching import CARRIED, Board, Watch

__all__ = ["CARRIED", "Ami", "AmiAway", "Board", "CallEnded", "CallIs", "Event", "PhoneIs", "PhoneState", "Watch"]
