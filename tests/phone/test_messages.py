"""SIP messages, descriptions and digests, by table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.phone import digest, message, sdp
from tests.phone.message import Message, NotSip

INVITE = (
    b"INVITE sip:%2B4670@h:5 SIP/2.0\r\nv: SIP/2.0/UDP h;branch=z9hG4bK1;rport\r\nVia: SIP/2.0/UDP g;branch=z9\r\n"
    b'f: "A \\"B\\" <c>;tag=no"\r\n <sip:a@h>;tag=7\r\nt: <sip:b@h>\r\ni: x@y\r\nCSEQ: 7 INVITE\r\nl: 3\r\n\r\nabc'
)


def test_compact_folded_and_repeated_headers_are_read() -> None:
    invite = Message.parse(INVITE)
    assert invite.is_request
    assert (invite.method, invite.cseq, invite.branch, invite.body) == ("INVITE", 7, "z9hG4bK1", b"abc")
    assert len(invite.all("Via")) == 2
    assert message.parameter(invite["From"], "tag") == "7"
    assert message.address(invite["From"]) == "sip:a@h"
    assert message.display_name(invite["From"]) == 'A "B" <c>;tag=no'
    assert message.user_of(invite.uri) == "+4670"


@pytest.mark.parametrize("data", [b"", b"\x80\x08\x00\x01", b"SIP/2.0 200 OK\r\n\r\n", INVITE.replace(b"CSEQ", b"X")])
def test_late_rtp_and_half_messages_are_no_sip(data: bytes) -> None:
    with pytest.raises(NotSip):
        Message.parse(data)


@given(st.binary(max_size=200))
def test_no_datagram_breaks_the_parser(data: bytes) -> None:
    for whole in (data, b"SIP/2.0 200 OK\r\n" + data, INVITE[:40] + data + INVITE[40:]):
        try:
            Message.parse(whole).encode()
        except NotSip:
            continue


def test_a_response_repeats_what_the_request_said_and_adds_the_tag_once() -> None:
    invite = Message.parse(INVITE)
    answer = Message.parse(message.response(invite, 200, "OK", tag="9").encode())
    assert (answer.status, answer.reason, answer["To"]) == (200, "OK", "<sip:b@h>;tag=9")
    assert answer.all("via") == invite.all("via")
    assert message.response(invite.with_headers(to=answer["To"]), 200, "OK", tag="8")["To"] == answer["To"]


@pytest.mark.parametrize("name", ["", "Anna", 'O"Neill', "back\\slash", "<sip:x@y>", "; tag=1", "å%, &"])
@pytest.mark.parametrize("user", ["201", "+46701740605", "'", '"', "<>", "å%", "1\r\nTo: x", ";&$()", "#"])
def test_any_caller_can_be_written_and_read(user: str, name: str) -> None:
    header = message.named(name, user, "127.0.0.1") + ";tag=7"
    assert message.user_of(message.address(header)) == user
    assert message.display_name(header) == name
    assert message.parameter(header, "tag") == "7"
    assert "\r" not in header


@pytest.mark.parametrize(
    ("uri", "host"),
    [("sip:a@1.2.3.4:7", ("1.2.3.4", 7)), ("sip:1.2.3.4", ("1.2.3.4", 5060)), ("sip:a;b=c@h;x=y", ("h", 5060))],
)
def test_where_a_uri_points(uri: str, host: tuple[str, int]) -> None:
    assert message.host_of(uri) == host


def test_the_digest_is_the_one_in_the_standard() -> None:
    header = 'Digest realm="testrealm@host.com", qop="auth,auth-int", opaque="5ccc", '
    challenge = digest.Challenge.parse(header + 'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"')
    assert challenge
    answer = digest.answer(challenge, "GET", "/dir/index.html", "Mufasa", "Circle Of Life", cnonce="0a4f113b")
    assert 'response="6629fae49393a05397450978507c4ef1"' in answer
    assert "qop=auth" in answer
    assert 'opaque="5ccc"' in answer


def test_a_challenge_is_answered_once_and_by_a_scheme_that_we_know() -> None:
    invite = Message.parse(INVITE)
    name = "WWW-Authenticate"
    asked = tuple((name, f'Digest realm="a", nonce="n", algorithm={kind}') for kind in ("SHA-512-256", "MD5"))
    answer = digest.authorize(invite, message.response(invite, 401, "Unauthorized", asked), "u", "p")
    assert answer
    assert answer[0] == "Authorization"
    assert "algorithm=MD5" in answer[1]
    again = Message(invite.start, (*invite.headers, answer))
    assert digest.authorize(again, message.response(again, 401, "Unauthorized", asked), "u", "p") is None


def test_a_description_survives_and_its_direction_is_mirrored() -> None:
    said = sdp.Sdp(("127.0.0.1", 4000), (8, 0), 101, "sendonly")
    read = sdp.Sdp.parse(said.encode())
    assert read == said
    assert said.mirrored() == "recvonly"
    assert sdp.Sdp.parse(b"v=0\r\n") is None
