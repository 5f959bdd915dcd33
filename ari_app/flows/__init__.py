"""The flows, one a file, and the table by which the dialplan names them."""

from collections.abc import Mapping

from ari_app.flows.access import access
from ari_app.flows.menu import menu
from ari_app.flows.record_prompt import record_prompt
from ari_app.flows.record_round import record_round
from ari_app.flows.take_message import take_message
from ari_app.flows.trial_call import trial_call
from ari_app.flows.voicemail import voicemail
from ari_app.runner import Flow

FLOWS: Mapping[str, Flow] = {
    "access": access,
    "menu": menu,
    "record_prompt": record_prompt,
    "record_round": record_round,
    "take_message": take_message,
    "trial_call": trial_call,
    "voicemail": voicemail,
}
