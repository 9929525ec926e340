"""What the test peers have in common: their arguments, and what they send and expect back.

    <program> client|server tcp|unix|ws|tcp+tls|ws+tls <port or path> <key in hex> [<PEM file>]

The file has, for a client, the certificate that it trusts; for a server its own, and the private key.

A server prints "listening <port or path>" as soon as it listens, serves one connection by sending back what it gets, and
prints "ended". A client sends what `payloads` gives, compares what comes back, and prints "ended". Whoever refuses or is
refused prints "refused".
"""

import hashlib
import json
import sys

SIZES = [0, 1, 64 << 10, 1 << 20, 64 << 20]
VALUE = {"symbol": "IBM", "price": 101.25, "note": "gr\u00fc\u00dfe \u2603", "sizes": [1, 2, 3]}


class Refused(Exception):
    pass


def payloads():
    for size in SIZES:
        yield (bytes(range(256)) * (size // 256 + 1))[:size]


def converse(send, receive):
    for payload in payloads():
        send(payload)
        back = receive()
        assert hashlib.sha256(back).digest() == hashlib.sha256(payload).digest(), "%d bytes, not %d" % (
            len(back), len(payload))
    send(json.dumps(VALUE).encode())
    assert json.loads(receive()) == VALUE


def say(*words):
    print(*words)
    sys.stdout.flush()


def main(client, server):
    role, kind, where, key = sys.argv[1:5]
    run = client if role == "client" else server
    try:
        run(kind, where, bytes.fromhex(key), sys.argv[5] if len(sys.argv) > 5 else None)
        say("ended")
    except Refused:
        say("refused")
