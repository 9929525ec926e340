"""Speaks version 2 of the protocol. See peer.py for its use, and version2.py for how it is spoken.

Beside what every peer sends back, a server knows these: "ask me" has it ask, and tell the answer; "file" and "resume" announce
a file, which it sends back whole, "resume" one of which it keeps the first half; "heartbeats" it answers when it has had
four. It answers requests by turning them round, except "no".
"""

import os

import peer
import version2
import ways

KEY_ID = b"default"
LIMIT = 64 << 20
FILE_SIZES = [0, 1, (8 << 20) + 1]
FAREWELL = 3001, "that was all"


def turned(payload):
    if payload == b"no":
        raise version2.Declined("not this")
    return payload[::-1]


def open_connection(stream, preamble):
    return version2.Connection(stream, LIMIT, preamble.limit, turned)


def client(kind, where, key, certificate):
    stream = ways.connect(kind, where, certificate)
    try:
        preamble = version2.handshake_of_client(stream, KEY_ID, key, LIMIT, stream.binding())
    except version2.Refused:
        stream.close()
        raise peer.Refused()
    connection = open_connection(stream, preamble)
    peer.converse(connection.write, connection.read)
    ask(connection)
    be_asked(connection)
    exchange_files(connection)
    connection.close(*FAREWELL)


def ask(connection):
    requests = [bytes(range(size)) for size in range(5)]
    asked = [connection.ask(request) for request in requests]
    for request, id in reversed(list(zip(requests, asked))):
        assert connection.answered(id) == request[::-1]
    try:
        connection.answered(connection.ask(b"no"))
    except version2.Declined as e:
        assert str(e) == "not this", str(e)
    else:
        raise AssertionError("a request that is declined was answered")


def be_asked(connection):
    connection.write(b"ask me")
    assert connection.read() == b"uoy era ohw"


def exchange_files(connection):
    for size in FILE_SIZES:
        content = os.urandom(size)
        connection.write(b"file")
        connection.send_file(content, b"its prefix")
        assert connection.receive_file() == (b"its prefix", content)
        connection.write(b"resume")
        connection.send_file(content, offset=size // 2)
        assert connection.receive_file() == (b"", content)


def server(kind, where, key, certificate):
    listening = ways.Listening(kind, where, certificate)
    peer.say("listening", listening.where)
    stream = listening.accept()
    try:
        preamble = version2.handshake_of_server(stream, {KEY_ID: key}, LIMIT, stream.binding())
    except (version2.Refused, EOFError):
        stream.close()
        raise peer.Refused()
    serve(open_connection(stream, preamble))


def serve(connection):
    content = b""
    payload = connection.read()
    while payload is not None:
        if payload == b"ask me":
            connection.write(connection.answered(connection.ask(b"who are you")))
        elif payload in (b"file", b"resume"):
            prefix, content = connection.receive_file(content[:len(content) // 2] if payload == b"resume" else b"")
            connection.send_file(content, prefix)
        elif payload == b"heartbeats":
            connection.interval = 0.1
            connection.wait_for_heartbeats(connection.heartbeats + 4)
            connection.write(payload)
        else:
            connection.write(payload)
        payload = connection.read()
    connection.close(*connection.closed)
    peer.say("closed", *connection.closed)


if __name__ == "__main__":
    peer.main(client, server)
