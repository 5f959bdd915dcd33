"""Many calls at once, by SIPp: registered by nothing but its password, sending sound both ways as every phone does."""

import asyncio
import csv
from dataclasses import dataclass
from pathlib import Path

from setup.steps import Failed

RATE_ALAW = 8000
SILENCE = b"\xd5"
KEY_AFTER_MS = 300
SAID_MS = 2000
_LONGEST_CALL_S = 30


@dataclass(frozen=True, slots=True)
class Account:
    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a run. `seconds`: from its first call to its last."""

    good: int
    failed: int
    seconds: float


def say_in(room: Path, alaw: bytes) -> None:
    """What the scenario `message` says."""
    (room / "sipp").mkdir(exist_ok=True)
    (room / "sipp" / "said.alaw").write_bytes(alaw)


async def run(
    room: Path, scenario: str, to: str, server: tuple[str, int], account: Account, *, rate: float, calls: int
) -> Ran:
    """`scenario`: menu (a key, and the end is theirs) or message (something said, and hung up). `rate`: a second."""
    folder = (room / "sipp").resolve()
    folder.mkdir(exist_ok=True)
    silence = folder / "silence.alaw"
    if not silence.exists():
        silence.write_bytes(SILENCE * RATE_ALAW * 60)
    file, statistics = folder / f"{scenario}.xml", folder / "statistics.csv"
    file.write_text(_scenario(_BODIES[scenario], account, silence, folder / "said.alaw"))
    statistics.unlink(missing_ok=True)
    limit_s = calls / rate + _LONGEST_CALL_S
    argv = (
        "sipp", f"{server[0]}:{server[1]}", "-sf", str(file), "-s", to, "-i", "127.0.0.1", "-mi", "127.0.0.1",
        "-p", "5999", "-r", str(rate),
        "-m", str(calls), "-l", str(calls), "-timeout", f"{limit_s:.0f}", "-timeout_error",
        "-recv_timeout", "15000", "-trace_stat", "-stf", str(statistics), "-fd", "1", "-nostdin", "-trace_err",
        "-error_file", str(folder / "errors.log"),
    )  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *argv, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL, cwd=folder
    )
    try:
        async with asyncio.timeout(limit_s + 20):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
    return _read(statistics)


def _read(statistics: Path) -> Ran:
    if not statistics.exists():
        raise Failed("SIPp told nothing: see its errors.log")
    with statistics.open() as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if row.get("SuccessfulCall(C)")]
    last = rows[-1]
    began, ended = (float(last[when].rpartition("\t")[2]) for when in ("StartTime", "CurrentTime"))
    return Ran(int(last["SuccessfulCall(C)"]), int(last["FailedCall(C)"]), ended - began)


_INFO = """
  <send retrans="500"><![CDATA[
INFO [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[routes]
From: <sip:@user@@[local_ip]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 3 INFO
Max-Forwards: 70
Content-Type: application/dtmf-relay
Content-Length: [len]

Signal=5
Duration=20
]]></send>
  <recv response="200" optional="true"/>
"""
# Where very many call at once, what the key leads to may be over before Asterisk answers that it has the key. And an
# answer that took half a second has been asked for twice, and comes twice.
_THEIR_BYE = """
  <recv response="200" optional="true"/>
  <recv request="BYE"/>
  <send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
"""
_OUR_BYE = """
  <send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[routes]
From: <sip:@user@@[local_ip]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 4 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
  <recv response="200"/>
"""
_BODIES = {
    "menu": f'<pause milliseconds="{KEY_AFTER_MS}"/>{_INFO}{_THEIR_BYE}',
    # Greeting and tone take 1.4 s at most; silence until then, then two seconds of speech.
    "message": f'<pause milliseconds="1700"/>'
    f'<nop><action><exec rtp_stream="@said@,1,8"/></action></nop><pause milliseconds="{SAID_MS}"/>{_OUR_BYE}',
}
_INVITE = """
  <send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:@user@@[local_ip]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: @cseq@ INVITE
Contact: <sip:@user@@[local_ip]:[local_port]>
Max-Forwards: 70
@authentication@Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=sendrecv
]]></send>
"""
_ACK = """
  <send><![CDATA[
ACK @uri@ SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:@user@@[local_ip]>;tag=[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: @cseq@ ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
"""


def _scenario(body: str, account: Account, silence: Path, said: Path) -> str:
    first = _INVITE.replace("@cseq@", "1").replace("@authentication@", "")
    asked = _ACK.replace("@uri@", "sip:[service]@[remote_ip]:[remote_port]").replace("@cseq@", "1")
    proof = f"[authentication username={account.user} password={account.password}]\n"
    again = _INVITE.replace("@cseq@", "2").replace("@authentication@", proof)
    up = _ACK.replace("@uri@", "[next_url]").replace("@cseq@", "2")
    talk = f'  <nop><action><exec rtp_stream="{silence},-1,8"/></action></nop>\n'
    maybe = "".join(f'  <recv response="{status}" optional="true"/>\n' for status in (100, 180, 183))
    words = (
        f'<?xml version="1.0"?>\n<scenario name="bench">\n{first}  <recv response="401" auth="true"/>\n{asked}{again}'
        f'{maybe}  <recv response="200" rrs="true"/>\n{up}{talk}  {body}</scenario>\n'
    )
    return words.replace("@user@", account.user).replace("@said@", str(said))
