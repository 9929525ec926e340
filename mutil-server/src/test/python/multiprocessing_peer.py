"""CPython's multiprocessing.connection, as it is. See peer.py for its use."""

from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener

import peer


def address(kind, where):
    """With its family."""
    return (where, "AF_UNIX") if kind == "unix" else (("127.0.0.1", int(where)), "AF_INET")


def client(kind, where, key, certificate):
    try:
        connection = Client(*address(kind, where), authkey=key)
    except AuthenticationError:
        raise peer.Refused()
    with connection:
        peer.converse(connection.send_bytes, connection.recv_bytes)


def server(kind, where, key, certificate):
    with Listener(*address(kind, where), authkey=key) as listener:
        peer.say("listening", where if kind == "unix" else listener.address[1])
        try:
            connection = listener.accept()
        except AuthenticationError:
            raise peer.Refused()
        with connection:
            while True:
                try:
                    payload = connection.recv_bytes()
                except EOFError:
                    return
                connection.send_bytes(payload)


if __name__ == "__main__":
    peer.main(client, server)
