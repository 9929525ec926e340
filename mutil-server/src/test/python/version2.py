"""Version 2 as docs/protocol.md describes it, and written from that alone; standard library only."""

import hashlib
import hmac
import os
import struct
import time

from ways import exactly

DATA, HEARTBEAT, REQUEST, RESPONSE, FILE_START, FILE_DATA, FILE_END, CLOSE = range(8)
CLIENT, SERVER = 1, 2
WIDTH = 4
PIECE = 1 << 20


class Refused(Exception):
    """By the other end, or by this one."""


class Declined(Exception):
    """A request that was not answered."""


class Preamble:
    """HEAD is what comes before the key id."""

    HEAD = struct.Struct("<4sBBBBQB")

    def __init__(self, role, limit, key_id, nonce, width=WIDTH):
        self.role, self.limit, self.key_id, self.nonce, self.width = role, limit, key_id, nonce, width

    def __bytes__(self):
        return self.HEAD.pack(
            b"MUTL", 2, 1, self.role, self.width, self.limit, len(self.key_id)) + self.key_id + self.nonce

    @classmethod
    def read(cls, stream, role):
        first = exactly(stream, 1)
        if first == b"\x01":
            raise Refused()
        magic, version, algorithm, its_role, width, limit, size = cls.HEAD.unpack(
            first + exactly(stream, cls.HEAD.size - 1))
        if (magic, version, algorithm, its_role) != (b"MUTL", 2, 1, role) or not 1 <= limit < 1 << 63 \
                or not 1 <= size <= 64:
            raise Refused()
        return cls(its_role, limit, exactly(stream, size), exactly(stream, 32), width)


def proof(key, label, client, server, binding):
    message = b"mutil handshake 2 " + label + bytes(client) + bytes(server) + binding
    return hmac.new(key, message, "sha512").digest()


def handshake_of_client(stream, key_id, key, limit, binding):
    """What the server's preamble says."""
    mine = Preamble(CLIENT, limit, key_id, os.urandom(32))
    stream.send(bytes(mine))
    theirs = Preamble.read(stream, SERVER)
    if theirs.key_id != key_id or theirs.width != WIDTH:
        raise Refused()
    stream.send(proof(key, b"client", mine, theirs, binding))
    if exactly(stream, 1) != b"\x00":
        raise Refused()
    if not hmac.compare_digest(exactly(stream, 64), proof(key, b"server", mine, theirs, binding)):
        raise Refused()
    return theirs


def handshake_of_server(stream, keys, limit, binding):
    """What the client's preamble says. An unknown key id costs what a wrong key does."""
    try:
        theirs = Preamble.read(stream, CLIENT)
    except Refused:
        stream.send(b"\x01")
        raise
    mine = Preamble(SERVER, limit, theirs.key_id, os.urandom(32))
    stream.send(bytes(mine))
    key = keys.get(theirs.key_id, os.urandom(32))
    proved = hmac.compare_digest(exactly(stream, 64), proof(key, b"client", theirs, mine, binding))
    if not proved or theirs.key_id not in keys or theirs.width != WIDTH:
        stream.send(b"\x01")
        raise Refused()
    stream.send(b"\x00" + proof(key, b"server", theirs, mine, binding))
    return theirs


class Connection:
    """answer: what becomes of a request; raises Declined, whose text goes back. interval: of heartbeats, in seconds.

    closed is the other end's code and reason, if it closed first.
    """

    def __init__(self, stream, limit, its_limit, answer, interval=15):
        self.stream, self.limit, self.its_limit, self.answer, self.interval = (
            stream, limit, its_limit, answer, interval)
        self.patience = 3 * interval
        self.begun = b""
        self.responses = {}
        self.next_id = 0
        self.heartbeats = 0
        self.closed = None
        self.has_closed = False
        self.last_written = self.last_read = time.monotonic()

    def write(self, payload):
        self._send(DATA, payload)

    def read(self):
        """The payload of the next data frame; None when the other end has closed."""
        kind, body = self._receive()
        assert kind in (DATA, CLOSE), "kind %d in place of data" % kind
        return body if kind == DATA else None

    def ask(self, payload):
        """The id under which `answered` gives the answer."""
        self.next_id += 1
        self._send(REQUEST, struct.pack("<Q", self.next_id), payload)
        return self.next_id

    def answered(self, asked):
        while asked not in self.responses:
            assert self._read_frame() is None, "something else than responses while one is waited for"
        status, body = self.responses.pop(asked)
        if status == 1:
            raise Declined(body.decode())
        assert status == 0, "status %d" % status
        return body

    def wait_for_heartbeats(self, count):
        while self.heartbeats < count:
            assert self._read_frame() is None, "something else than heartbeats while they are waited for"

    def send_file(self, content, prefix=b"", offset=0, checksum=True):
        rest = memoryview(content)[offset:]
        self._send(FILE_START, struct.pack("<BQQ", 1 if checksum else 0, len(rest), offset), prefix)
        piece = min(PIECE, self.its_limit)
        for start in range(0, len(rest), piece):
            self._send(FILE_DATA, rest[start:start + piece])
        self._send(FILE_END, b"\x00", hashlib.sha256(content).digest() if checksum else b"")

    def receive_file(self, held=b""):
        """The prefix and the whole content; held: what is there before the offset."""
        kind, body = self._receive()
        assert kind == FILE_START, "kind %d in place of a file" % kind
        flags, length, offset = struct.unpack("<BQQ", body[:17])
        assert flags in (0, 1) and offset == len(held), (flags, offset)
        content = bytearray(held)
        kind, piece = self._receive()
        while kind == FILE_DATA:
            assert len(piece) <= PIECE
            content += piece
            kind, piece = self._receive()
        assert kind == FILE_END, "kind %d within a file" % kind
        assert piece[0] == 0, "given up: " + piece[1:].decode()
        assert len(content) == offset + length, "%d bytes, not %d and %d" % (len(content), offset, length)
        assert piece[1:] == (hashlib.sha256(content).digest() if flags else b""), "another SHA-256"
        return body[17:], bytes(content)

    def close(self, code=1000, reason=""):
        if not self.has_closed:
            self.has_closed = True
            self._send(CLOSE, struct.pack("<H", code), reason.encode())
            self.stream.end(code)
        while not self.closed and self._hears_on():
            self._read_frame()
        self.stream.close()

    def _hears_on(self):
        """False where the other end has ended, as it may when it has been told."""
        self._await()
        self.begun = self.stream.receive(1)
        return self.begun != b""

    def _send(self, kind, *parts):
        size = 1 + sum(map(len, parts))
        assert size <= self.its_limit + 1, "%d bytes, of which the other end takes %d" % (size, self.its_limit)
        self.stream.send(size.to_bytes(WIDTH, "little") + bytes([kind]) + (b"".join(parts) if size < 1 << 16 else b""))
        if size >= 1 << 16:
            for part in parts:
                self.stream.send(part)
        self.last_written = time.monotonic()

    def _receive(self):
        """The next frame that is for whoever reads."""
        frame = self._read_frame()
        while frame is None:
            frame = self._read_frame()
        return frame

    def _read_frame(self):
        """Kind and body of the next frame; None if it was one that is dealt with here."""
        if not self.begun:
            self._await()
        header = self.begun + exactly(self.stream, WIDTH - len(self.begun))
        self.begun = b""
        size = int.from_bytes(header, "little")
        assert 1 <= size <= self.limit + 1, "a frame of %d" % size
        frame = memoryview(exactly(self.stream, size))
        self.last_read = time.monotonic()
        return self._deal(frame[0], bytes(frame[1:]))

    def _deal(self, kind, body):
        if kind == HEARTBEAT:
            assert not body
            self.heartbeats += 1
        elif self.has_closed and kind != CLOSE:
            pass  # comes too late
        elif kind == REQUEST:
            self._respond(body[:8], body[8:])
        elif kind == RESPONSE:
            self.responses[struct.unpack("<Q", body[:8])[0]] = (body[8], body[9:])
        else:
            assert kind in (DATA, FILE_START, FILE_DATA, FILE_END, CLOSE), "kind %d" % kind
            if kind == CLOSE:
                self.closed = struct.unpack("<H", body[:2])[0], body[2:].decode()
            return kind, body
        return None

    def _respond(self, id, payload):
        try:
            status, text = b"\x00", self.answer(payload)
        except Declined as e:
            status, text = b"\x01", str(e).encode()
        self._send(RESPONSE, id, status, text)

    def _await(self):
        """Until there is something to read; meanwhile heartbeats are sent."""
        since = time.monotonic()
        while not self.stream.ready(max(0, self.last_written + self.interval - time.monotonic())):
            now = time.monotonic()
            assert now - max(since, self.last_read) < self.patience, "the other end is dead"
            if now - self.last_written >= self.interval and not self.has_closed:
                self._send(HEARTBEAT)
