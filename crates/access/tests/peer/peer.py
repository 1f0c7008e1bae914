"""The other side of a PKOC transaction, written from the protocol alone: a reader, a phone, or a reader by NFC.

Messages go over stdin and stdout, one line of hexadecimal each. What a reader learned follows `learned`, what a phone
was told follows `told`. It shares no code with what it tests: the cryptography is OpenSSL's.
"""

import argparse
import hashlib
import json
import os
import struct
import sys
import uuid

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
NONCE = bytes.fromhex("0000000000000001" "00000001")


def say(*words):
    print(*words, flush=True)


def point(key, form=PublicFormat.UncompressedPoint):
    return key.public_bytes(Encoding.X962, form)


def compressed(key):
    return point(key, PublicFormat.CompressedPoint)


def sign(key, message):
    r, s = utils.decode_dss_signature(key.sign(message, ec.ECDSA(SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def verifies(key, message, signature):
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    try:
        key.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def public(bytes_):
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, bytes_)


class Wire:
    """TLVs over lines that are cut anywhere."""

    def __init__(self, long_form, cut):
        self.long_form, self.cut, self.waiting = long_form, cut, b""

    def tlv(self, kind, value):
        if len(value) < 0x80 or not self.long_form:
            return bytes([kind, len(value)]) + value
        return bytes([kind, 0x81, len(value)]) + value

    def send(self, message):
        for at in range(0, len(message), self.cut):
            say(message[at : at + self.cut].hex())

    def octets(self, count):
        while len(self.waiting) < count:
            line = sys.stdin.readline()
            if not line:
                sys.exit("the other side left")
            self.waiting += bytes.fromhex(line)
        taken, self.waiting = self.waiting[:count], self.waiting[count:]
        return taken

    def receive(self):
        kind, length = self.octets(2)
        # Only what is over 127 octets has two forms; each side has to write that of the other.
        if self.long_form and length >= 0x80:
            assert length == 0x81, f"{length:02x}"
            (length,) = self.octets(1)
        return kind, self.octets(length)

    def message(self, *kinds):
        read = [self.receive() for _ in kinds]
        assert tuple(kind for kind, _ in read) == kinds, read
        return [value for _, value in read]


def parse(message):
    read = {}
    while message:
        kind, length = message[:2]
        assert length < 0x80
        read[kind], message = message[2 : 2 + length], message[2 + length :]
    return read


def certificate(site_key, site, reader, key, wrong):
    first, last = (0, 1) if wrong == "expired" else (0, 0xFFFFFFFF)
    fields = b"\x01" + reader + site + struct.pack(">II", first, last) + compressed(key.public_key())
    return fields + sign(site_key, fields)


def answer(wire, credential, message, decision):
    key, signature, date = credential[1], credential[3], credential[9]
    good = verifies(public(key), message, signature)
    say("learned", key.hex(), int.from_bytes(date, "big"))
    wire.send(wire.tlv(0x04, bytes([decision if good else 6])))


def reader(args):
    wire = Wire(args.version == 1, args.cut)
    site_key, own_key, ephemeral = (ec.generate_private_key(CURVE) for _ in range(3))
    site, place = uuid.uuid4(), uuid.uuid4()
    say(json.dumps({"siteUuid": str(site), "readerUuid": str(place),
                    "publicKey": point(site_key.public_key()).hex()}))
    version = bytes([args.version, 0, 0, 0, 1])
    key = compressed(ephemeral.public_key())
    hello = wire.tlv(0x0C, version) + wire.tlv(0x02, key)
    hello += wire.tlv(0x0D, place.bytes) + wire.tlv(0x0E, site.bytes)
    if args.flow == "certificate":
        hello += wire.tlv(0x10, certificate(site_key, site.bytes, place.bytes, own_key, args.wrong))
    wire.send(hello)
    if args.flow == "normal":
        values = wire.message(0x01, 0x03, 0x09, 0x0C)
        answer(wire, dict(zip((1, 3, 9, 0x0C), values)), key, args.decision)
        return
    phone, echoed = wire.message(0x07, 0x0C)
    assert echoed == version
    shared = ephemeral.exchange(ec.ECDH(), public(phone))
    transcript = site.bytes + place.bytes + phone[1:33] + key[1:]
    signer = own_key if args.flow == "certificate" else site_key
    if args.wrong == "key":
        signer = ec.generate_private_key(CURVE)
    wire.send(wire.tlv(0x03, sign(signer, transcript)))
    (sealed,) = wire.message(0x40)
    opened = AESCCM(hashlib.sha256(shared).digest(), tag_length=16).decrypt(NONCE, sealed, None)
    answer(wire, parse(opened), transcript, args.decision)


def phone(args):
    site_key = public(bytes.fromhex(sys.stdin.readline()))
    wire = Wire(args.version == 1, args.cut)
    credential, ephemeral = (ec.generate_private_key(CURVE) for _ in range(2))
    say("credential", point(credential.public_key()).hex())
    version, key, place, site = wire.message(0x0C, 0x02, 0x0D, 0x0E)
    assert version[0] == args.version
    signer = site_key
    if args.flow == "certificate":
        (shown,) = wire.message(0x10)
        assert len(shown) == 138 and shown[:33] == b"\x01" + place + site
        assert verifies(site_key, shown[:74], shown[74:])
        signer = public(shown[41:74])

    def proof(message):
        if args.wrong == "key":
            message = b"\x00" + message
        return (wire.tlv(0x01, point(credential.public_key())) + wire.tlv(0x03, sign(credential, message))
                + wire.tlv(0x09, struct.pack(">I", 1234567890)) + wire.tlv(0x0C, version))

    if args.flow == "normal":
        wire.send(proof(key))
    else:
        own = point(ephemeral.public_key())
        wire.send(wire.tlv(0x07, own) + wire.tlv(0x0C, version))
        (signature,) = wire.message(0x03)
        transcript = site + place + own[1:33] + key[1:]
        assert verifies(signer, transcript, signature), "the reader proves nothing"
        secret = hashlib.sha256(ephemeral.exchange(ec.ECDH(), public(key))).digest()
        if args.wrong == "secret":
            secret = os.urandom(32)
        sealed = AESCCM(secret, tag_length=16).encrypt(NONCE, proof(transcript), None)
        wire.send(wire.tlv(0x40, sealed))
    (told,) = wire.message(0x04)
    say("told", told[0])


def ask(*parts):
    say(b"".join(parts).hex())
    answered = bytes.fromhex(sys.stdin.readline())
    return answered[:-2], answered[-2:]


def nfc(args):
    """Both profiles, one after the other, with the certificate in blocks."""
    key = public(bytes.fromhex(sys.stdin.readline()))
    held = bytes.fromhex(sys.stdin.readline())
    ok = b"\x90\x00"
    assert ask(bytes.fromhex("00A4040008A00000089800000100")) == (bytes.fromhex("5C020100"), ok)
    nonce, place = os.urandom(16), os.urandom(32)
    objects = b"\x5c\x02\x01\x00" + b"\x4c\x10" + nonce + b"\x4d\x20" + place
    data, status = ask(bytes.fromhex("8080000138"), objects)
    assert status == ok and data[:2] == b"\x5a\x41" and data[67:69] == b"\x9e\x40"
    assert data[2:67] == point(key) and verifies(key, nonce, data[69:])
    assert ask(bytes.fromhex("00CA7F6300")) == (bytes.fromhex("7F63045C020200"), ok)
    read, status = ask(bytes.fromhex("00CA7F2100"))
    while status[0] == 0x61:
        more, status = ask(bytes.fromhex("00C00000"), status[1:])
        read += more
    assert status == ok and read == held
    challenge = os.urandom(32)
    data, status = ask(bytes.fromhex("0088000020"), challenge, b"\x00")
    assert status == ok and data[:2] == b"\x9e\x40" and verifies(key, challenge, data[2:])
    say("told", 0)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("side", choices=["reader", "phone", "nfc"])
    arguments.add_argument("--flow", choices=["normal", "site-key", "certificate"], default="site-key")
    arguments.add_argument("--version", type=int, choices=[1, 3], default=1)
    arguments.add_argument("--cut", type=int, default=512)
    arguments.add_argument("--decision", type=int, default=3)
    arguments.add_argument("--wrong", choices=["key", "secret", "expired"])
    args = arguments.parse_args()
    {"reader": reader, "phone": phone, "nfc": nfc}[args.side](args)


main()
