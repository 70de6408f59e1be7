"""Where the page is served: looked at before Gradio is, which would end in a traceback."""

import errno
import ipaddress
import os
import socket
import sys

NAME, PORT = "GRADIO_SERVER_NAME", "GRADIO_SERVER_PORT"
OWN = "127.0.0.1"
PORTS = range(1, 1 << 16)


def check() -> None:
    """Ends the program with one line that says what to do, where nothing can be served there."""
    if not os.environ.get(PORT, "").strip():
        os.environ.pop(PORT, None)  # Gradio takes an empty setting for a number
    name, port = os.environ.get(NAME) or OWN, chosen_port()
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            name, port or 0, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as fault:
        sys.exit(_what_to_do(fault, name, port))


def alone() -> bool:
    """Whether the page can be reached from this machine alone."""
    name = os.environ.get(NAME) or OWN
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError:  # which check() tells of
        return False
    return all(ipaddress.ip_address(place[0]).is_loopback for *_, place in found)


def chosen_port() -> int | None:
    """The port that was asked for; None to take the first free one from 7860 on."""
    given = os.environ.get(PORT)
    if given is None:
        return None
    if not given.strip().isdecimal() or int(given) not in PORTS:
        sys.exit(f"{PORT} is {given!r}: give a number from {PORTS[0]} to {PORTS[-1]}.")
    return int(given)


def _what_to_do(fault: OSError, name: str, port: int | None) -> str:
    if fault.errno == errno.EADDRINUSE:
        return f"Port {port} is in use: stop what runs there, or set {PORT} to another."
    if fault.errno == errno.EACCES:
        return f"Port {port} is not open to this user: set {PORT} to one above 1023."
    return (
        f"{NAME} is {name!r}, which is no address of this machine: give {OWN}, or 0.0.0.0 to "
        "serve every network it is in."
    )
