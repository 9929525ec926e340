"""Speaks the handshake and the frames of the Python library mutil; standard library only. See peer.py for its use."""

import hmac
import os
import struct

import peer
import ways
from ways import exactly

CHALLENGE = b"#CHALLENGE#"
WELCOME = b"#WELCOME#"
FAILURE = b"#FAILURE#"


def digest(key, challenge):
    return hmac.new(key, challenge, "blake2b").digest()


def challenge(stream, key):
    random = os.urandom(128)
    stream.send(CHALLENGE + random)
    if not hmac.compare_digest(exactly(stream, 64), digest(key, random)):
        stream.send(FAILURE)
        stream.close()
        raise peer.Refused()
    stream.send(WELCOME)


def answer(stream, key):
    assert exactly(stream, len(CHALLENGE)) == CHALLENGE
    stream.send(digest(key, exactly(stream, 128)))
    if exactly(stream, 9) != WELCOME:
        stream.close()
        raise peer.Refused()


def send(stream, payload):
    stream.send(struct.pack("<I", len(payload)))
    stream.send(payload)


def receive(stream):
    return exactly(stream, struct.unpack("<I", exactly(stream, 4))[0])


def client(kind, where, key, certificate):
    stream = ways.connect(kind, where, certificate)
    challenge(stream, key)
    answer(stream, key)
    peer.converse(lambda payload: send(stream, payload), lambda: receive(stream))
    stream.close()


def server(kind, where, key, certificate):
    listening = ways.Listening(kind, where, certificate)
    peer.say("listening", listening.where)
    stream = listening.accept()
    answer(stream, key)
    challenge(stream, key)
    while True:
        try:
            payload = receive(stream)
        except EOFError:
            stream.close()
            return
        send(stream, payload)


if __name__ == "__main__":
    peer.main(client, server)
