"""The carrier of PBX_CARRIER, as PJSIP's configuration wants it: where it is, and how each knows the other.

It is no row like a phone: a row holds a digest, which is of use only where the other's realm is known.
"""

from pbx.rules.servers import CARRIER, CARRIER_112, Carrier

FILE = "carrier.conf"
_LOOK_EVERY_S = 30

Options = dict[str, object]


def written(carrier: Carrier, host: str) -> str:
    """`host`: the address on which we are reached, where sound is exchanged with it."""
    sections: list[tuple[str, Options]] = [
        (CARRIER, {**_endpoint(carrier, host), "aors": CARRIER}),
        (CARRIER, {**_aor(carrier), "qualify_frequency": _LOOK_EVERY_S if carrier.asked else 0}),
        (CARRIER, {"type": "identify", "endpoint": CARRIER, "match": carrier.host, "srv_lookups": "no"}),
        (CARRIER_112, {**_endpoint(carrier, host), "aors": CARRIER_112}),
        (CARRIER_112, _aor(carrier)),
    ]
    if carrier.user:
        login: Options = {
            "type": "auth",
            "auth_type": "userpass",
            "username": carrier.user,
            "password": carrier.password,
        }
        sections += [(CARRIER, login), (CARRIER, _registration(carrier))]
    return "\n\n".join(_section(name, options) for name, options in sections) + "\n"


def _endpoint(carrier: Carrier, host: str) -> Options:
    options: Options = {
        "type": "endpoint",
        "context": "carrier",
        "transport": carrier.transport,
        "identify_by": "ip",
        "language": "sv",
        "disallow": "all",
        "allow": "alaw,ulaw",
        "dtmf_mode": "auto",
        "direct_media": "no",
        "rtp_symmetric": "yes",
        "rtp_timeout": 30,
        # The header that this would believe names also whoever withholds a number.
        "trust_id_inbound": "no",
        "send_pai": "yes",
        "allow_subscribe": "no",
    }
    if host != "0.0.0.0":  # noqa: S104 - every address of this host
        options |= {"media_address": host, "bind_rtp_to_media_address": "yes"}
    if carrier.user:
        options |= {"outbound_auth": CARRIER, "from_domain": carrier.host}
    return options


def _aor(carrier: Carrier) -> Options:
    return {"type": "aor", "contact": f"sip:{_there(carrier)}"}


def _registration(carrier: Carrier) -> Options:
    return {
        "type": "registration",
        "transport": carrier.transport,
        "outbound_auth": CARRIER,
        "server_uri": f"sip:{_there(carrier)}",
        "client_uri": f"sip:{carrier.user}@{carrier.host}",
        "contact_user": carrier.user,
        # A mark in what it is told of us, by which it is known whatever its address is.
        "line": "yes",
        "endpoint": CARRIER,
        "expiration": 600,
        "max_random_initial_delay": 0,
        # Whatever it answers, it is asked again: what was wrong there is mended without us.
        "retry_interval": 20,
        "forbidden_retry_interval": 120,
        "fatal_retry_interval": 120,
        "max_retries": 1_000_000_000,
    }


def _there(carrier: Carrier) -> str:
    return rf"{carrier.host}:{carrier.port}\;transport={carrier.transport}"


def _section(name: str, options: Options) -> str:
    return "\n".join([f"[{name}]", *(f"{key}={value}" for key, value in options.items())])
