"""tls-server-end-point of RFC 5929 from a certificate in DER; standard library only."""

import hashlib

# The last arcs of the object identifiers of signatures, as they are encoded.
SIGNATURES = {
    "2a864886f70d010104": "sha256",  # md5WithRSAEncryption
    "2a864886f70d010105": "sha256",  # sha1WithRSAEncryption
    "2a864886f70d01010b": "sha256",
    "2a864886f70d01010c": "sha384",
    "2a864886f70d01010d": "sha512",
    "2a8648ce3d040302": "sha256",  # ecdsa-with-SHA256
    "2a8648ce3d040303": "sha384",
    "2a8648ce3d040304": "sha512",
    "2b6570": "sha256",  # Ed25519
}


def element(der, at):
    """Where the content of the DER element at this place begins and ends."""
    size = der[at + 1]
    begin = at + 2
    if size & 0x80:
        begin += size & 0x7f
        size = int.from_bytes(der[at + 2:begin], "big")
    return begin, begin + size


def end_point(der):
    certificate, _ = element(der, 0)
    _, signature = element(der, certificate)
    algorithm, _ = element(der, signature)
    begin, end = element(der, algorithm)
    return hashlib.new(SIGNATURES[der[begin:end].hex()], der).digest()
