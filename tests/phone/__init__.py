"""A real SIP phone for tests, `make try` and benchmarks: asyncio and numpy, nothing of the product."""

from tests.phone.call import Call, End
from tests.phone.g711 import Pcm
from tests.phone.incoming import IncomingCall
from tests.phone.listening import CallOver, Heard, NotHeard
from tests.phone.outgoing import CallRefused, OutgoingCall
from tests.phone.phone import Phone
from tests.phone.policy import ANSWER, BUSY, DEAD, DECLINE, RING, Policy, answering_machine
from tests.phone.registration import NotRegistered
from tests.phone.speech import pseudo_speech
from tests.phone.subscription import Mwi, NotSubscribed, Subscription

__all__ = [
    "ANSWER",
    "BUSY",
    "DEAD",
    "DECLINE",
    "RING",
    "Call",
    "CallOver",
    "CallRefused",
    "End",
    "Heard",
    "IncomingCall",
    "Mwi",
    "NotHeard",
    "NotRegistered",
    "NotSubscribed",
    "OutgoingCall",
    "Pcm",
    "Phone",
    "Policy",
    "Subscription",
    "answering_machine",
    "pseudo_speech",
]
