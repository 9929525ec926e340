"""What both test peers have in common: their arguments, and what they send and expect back.

    <program> client|server tcp|unix <port or path> <key in hex>

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
    role, family, where, key = sys.argv[1:]
    run = client if role == "client" else server
    address = ("127.0.0.1", int(where)) if family == "tcp" else where
    try:
        run(family, address, bytes(bytearray.fromhex(key)))
        say("ended")
    except Refused:
        say("refused")
