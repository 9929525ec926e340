"""RFC 6455 as far as a stream of bytes needs it: the upgrade, and binary messages whose borders mean nothing."""

import base64
import hashlib
import os
import struct

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CONTINUATION, BINARY, CLOSE, PING, PONG = 0, 2, 8, 9, 10
LONGEST = 1 << 20


def accept_of(nonce):
    return base64.b64encode(hashlib.sha1(nonce + GUID).digest())


def masked(payload, key):
    """All at once as one large number; byte by byte 64 MiB would take half a minute."""
    size = len(payload)
    pad = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(pad, "little")).to_bytes(size, "little")


def head(stream):
    """Up to the empty line; byte by byte, because what follows is frames."""
    lines = b""
    while not lines.endswith(b"\r\n\r\n"):
        byte = stream.receive(1)
        assert byte, "end of the stream in the head " + repr(lines)
        lines += byte
    start, *fields = lines.decode("ascii").strip().split("\r\n")
    return start, {name.strip().lower(): value.strip() for name, value in (field.split(":", 1) for field in fields)}


def client(stream, path):
    nonce = base64.b64encode(os.urandom(16))
    stream.send(
        b"GET " + path.encode() + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: " + nonce + b"\r\nSec-WebSocket-Version: 13\r\n\r\n")
    status, fields = head(stream)
    assert status.startswith("HTTP/1.1 101 "), status
    assert fields["sec-websocket-accept"].encode() == accept_of(nonce), fields
    return WebSocket(stream, True)


def server(stream):
    request, fields = head(stream)
    assert request == "GET /frames HTTP/1.1", request
    assert fields["upgrade"].lower() == "websocket" and fields["sec-websocket-version"] == "13", fields
    accept = accept_of(fields["sec-websocket-key"].encode())
    stream.send(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
    return WebSocket(stream, False)


class WebSocket:
    def __init__(self, stream, is_client):
        self.stream = stream
        self.is_client = is_client
        self.binding = stream.binding
        self.raw = memoryview(b"")
        self.arrived = memoryview(b"")
        self.close_sent = False
        self.close_received = False

    def send(self, payload):
        view = memoryview(payload)
        for start in range(0, len(view), LONGEST):
            self._frame(BINARY, bytes(view[start:start + LONGEST]))

    def receive(self, most):
        while not self.arrived and not self.close_received:
            if not self._next():
                return b""
        piece = bytes(self.arrived[:most])
        self.arrived = self.arrived[most:]
        return piece

    def ready(self, seconds):
        """Whether receive would have something to say; pings are answered here, and are nothing."""
        while not self.arrived and not self.close_received:
            if not self.raw and not self.stream.ready(seconds):
                return False
            if not self._next():
                return True
        return True

    def end(self, code):
        if not self.close_sent:
            self.close_sent = True
            self._frame(CLOSE, struct.pack(">H", code))

    def close(self):
        try:
            self.end(1000)
            while not self.close_received and self._next():
                self.arrived = memoryview(b"")
        except (EOFError, OSError):
            pass  # the other end has gone without a word
        self.stream.close()

    def _frame(self, opcode, payload):
        mask_bit = 0x80 if self.is_client else 0
        size = len(payload)
        if size < 126:
            header = struct.pack(">BB", 0x80 | opcode, mask_bit | size)
        elif size < 1 << 16:
            header = struct.pack(">BBH", 0x80 | opcode, mask_bit | 126, size)
        else:
            header = struct.pack(">BBQ", 0x80 | opcode, mask_bit | 127, size)
        if self.is_client:
            key = os.urandom(4)
            header += key
            payload = masked(payload, key)
        self.stream.send(header + payload)

    def _next(self):
        """Reads one frame; False where the stream ends before it, as after a close it may."""
        first = self._some(1)
        if not first:
            return False
        second = self._exactly(1)[0]
        assert (second & 0x80 != 0) != self.is_client, "only a client masks"
        size = second & 0x7f
        if size == 126:
            size = struct.unpack(">H", self._exactly(2))[0]
        elif size == 127:
            size = struct.unpack(">Q", self._exactly(8))[0]
        key = None if self.is_client else self._exactly(4)
        payload = self._exactly(size)
        if key:
            payload = masked(payload, key)
        self._got(first[0], payload)
        return True

    def _got(self, first, payload):
        assert first & 0x70 == 0, "no extension was agreed"
        opcode = first & 0x0f
        if opcode in (BINARY, CONTINUATION):
            self.arrived = memoryview(payload)
        elif opcode == CLOSE:
            self.close_received = True
            self.end(struct.unpack(">H", payload[:2])[0] if payload else 1000)
        elif opcode == PING:
            if not self.close_sent:
                self._frame(PONG, payload)
        else:
            assert opcode == PONG, "opcode %d" % opcode

    def _some(self, most):
        if not self.raw:
            self.raw = memoryview(self.stream.receive(1 << 18))
        piece = bytes(self.raw[:most])
        self.raw = self.raw[most:]
        return piece

    def _exactly(self, count):
        pieces = bytearray()
        while len(pieces) < count:
            piece = self._some(count - len(pieces))
            if not piece:
                raise EOFError("%d of %d bytes of a frame" % (len(pieces), count))
            pieces += piece
        return bytes(pieces)
