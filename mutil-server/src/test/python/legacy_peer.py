"""Speaks the handshake and the frames of the Python library mutil; standard library only. See peer.py for its use."""

import hmac
import os
import socket
import struct

import peer

CHALLENGE = b"#CHALLENGE#"
WELCOME = b"#WELCOME#"
FAILURE = b"#FAILURE#"


def exactly(sock, count):
    pieces = bytearray()
    while len(pieces) < count:
        piece = sock.recv(min(count - len(pieces), 1 << 20))
        if not piece:
            raise EOFError("%d of %d bytes" % (len(pieces), count))
        pieces += piece
    return bytes(pieces)


def digest(key, challenge):
    return hmac.new(key, challenge, "blake2b").digest()


def challenge(sock, key):
    random = os.urandom(128)
    sock.sendall(CHALLENGE + random)
    if not hmac.compare_digest(exactly(sock, 64), digest(key, random)):
        sock.sendall(FAILURE)
        raise peer.Refused()
    sock.sendall(WELCOME)


def answer(sock, key):
    assert exactly(sock, len(CHALLENGE)) == CHALLENGE
    sock.sendall(digest(key, exactly(sock, 128)))
    if exactly(sock, 9) != WELCOME:
        raise peer.Refused()


def send(sock, payload):
    sock.sendall(struct.pack("<I", len(payload)))
    sock.sendall(payload)


def receive(sock):
    return exactly(sock, struct.unpack("<I", exactly(sock, 4))[0])


def new_socket(family):
    return socket.socket(socket.AF_INET if family == "tcp" else socket.AF_UNIX)


def client(family, address, key):
    with new_socket(family) as sock:
        sock.connect(address)
        challenge(sock, key)
        answer(sock, key)
        peer.converse(lambda payload: send(sock, payload), lambda: receive(sock))


def server(family, address, key):
    with new_socket(family) as listening:
        listening.bind(address)
        listening.listen(1)
        peer.say("listening", listening.getsockname()[1] if family == "tcp" else address)
        sock, _ = listening.accept()
        with sock:
            answer(sock, key)
            challenge(sock, key)
            while True:
                try:
                    payload = receive(sock)
                except EOFError:
                    return
                send(sock, payload)


if __name__ == "__main__":
    peer.main(client, server)
