"""CPython's multiprocessing.connection, as it is. See peer.py for its use."""

from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener

import peer


def client(family, address, key):
    try:
        connection = Client(address, "AF_INET" if family == "tcp" else "AF_UNIX", authkey=key)
    except AuthenticationError:
        raise peer.Refused()
    with connection:
        peer.converse(connection.send_bytes, connection.recv_bytes)


def server(family, address, key):
    with Listener(address, "AF_INET" if family == "tcp" else "AF_UNIX", authkey=key) as listener:
        peer.say("listening", listener.address[1] if family == "tcp" else address)
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
