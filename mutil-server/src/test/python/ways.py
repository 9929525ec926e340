"""Streams of bytes over tcp, unix, ws, tcp+tls and ws+tls; standard library only.

A stream has send(bytes), receive(most) which gives b"" at the end, ready(seconds), end(code) which ends this end's half as
far as the way can do that, close(), and binding(), the channel binding of TLS or nothing.
"""

import select
import socket
import ssl

import binding
import ws


class Plain:
    def __init__(self, sock):
        self.sock = sock
        self.send = sock.sendall
        self.receive = sock.recv

    def binding(self):
        return b""

    def ready(self, seconds):
        return bool(select.select([self.sock], [], [], seconds)[0])

    def end(self, code):
        self.sock.shutdown(socket.SHUT_WR)

    def close(self):
        self.sock.close()


class Tls(Plain):
    """certificate: the server's, in DER"""

    def __init__(self, sock, certificate):
        Plain.__init__(self, sock)
        self.certificate = certificate

    def binding(self):
        return binding.end_point(self.certificate)

    def ready(self, seconds):
        return self.sock.pending() > 0 or Plain.ready(self, seconds)

    def end(self, code):
        """Python's ssl cannot say that it has ended without waiting for the same from the other end."""

    def close(self):
        try:
            self.sock.unwrap()
        except OSError:
            pass  # the other end has gone without a word
        self.sock.close()


def is_unix(kind):
    return kind == "unix"


def new_socket(kind):
    return socket.socket(socket.AF_UNIX if is_unix(kind) else socket.AF_INET)


def connect(kind, where, certificate):
    """certificate: a PEM file with what to trust"""
    sock = new_socket(kind)
    sock.connect(where if is_unix(kind) else ("127.0.0.1", int(where)))
    if kind.endswith("+tls"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(certificate)
        sock = context.wrap_socket(sock, server_hostname="127.0.0.1")
        stream = Tls(sock, sock.getpeercert(True))
    else:
        stream = Plain(sock)
    return ws.client(stream, "/frames") if kind.startswith("ws") else stream


def own_certificate(file):
    with open(file) as pem:
        text = pem.read()
    return ssl.PEM_cert_to_DER_cert(text[text.index("-----BEGIN CERTIFICATE"):])


class Listening:
    """certificate: a PEM file with the certificate and its private key"""

    def __init__(self, kind, where, certificate):
        self.kind = kind
        self.certificate = None
        if kind.endswith("+tls"):
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
            self.certificate = own_certificate(certificate)
        self.sock = new_socket(kind)
        self.sock.bind(where if is_unix(kind) else ("127.0.0.1", int(where)))
        self.sock.listen(1)
        self.where = where if is_unix(kind) else self.sock.getsockname()[1]

    def accept(self):
        sock, _ = self.sock.accept()
        self.sock.close()
        if self.certificate:
            stream = Tls(self.context.wrap_socket(sock, server_side=True), self.certificate)
        else:
            stream = Plain(sock)
        return ws.server(stream) if self.kind.startswith("ws") else stream


def exactly(stream, count):
    pieces = bytearray()
    while len(pieces) < count:
        piece = stream.receive(min(count - len(pieces), 1 << 20))
        if not piece:
            raise EOFError("%d of %d bytes" % (len(pieces), count))
        pieces += piece
    return bytes(pieces)
