#!/usr/bin/env python3
"""Verifies a journal exported by a till with public packages only: rfc8785 (canonical JSON) and cryptography (Ed25519).

    python3 verify_journal.py FILE [--key HEX]

Checks that the file is as its terminal sealed it, and of every event: its place, its canonical bytes, its hash over the
hash before it, and its signature. Ends with 0 when all of it holds, with 1 and the first place that does not otherwise.
"""

import argparse
import hashlib
import json
import sys

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

GENESIS = bytes(32)
# RFC 8785 writes numbers as doubles do; whole ones beyond this would lose digits, so none may be there.
LARGEST = 2**53 - 1


class Broken(Exception):
    """Something in the file does not hold."""


def unique(pairs):
    """An object without doubled names: two readers might each take another one."""
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise Broken("a name stands twice in one object")
    return dict(pairs)


def read(line):
    def whole(text):
        number = int(text)
        if abs(number) > LARGEST:
            raise Broken(f"the number {text} is beyond what canonical JSON holds")
        return number

    def fraction(text):
        raise Broken(f"{text}: no event holds a fraction")

    try:
        return json.loads(line, object_pairs_hook=unique, parse_int=whole, parse_float=fraction)
    except ValueError as error:
        raise Broken(f"a line is no JSON: {error}") from error


def signed(key, signature, message, what):
    try:
        key.verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError) as error:
        raise Broken(f"{what} is not signed by the terminal's key") from error


def check_event(chained, before, header, key):
    """Gives (epoch, seq, hash) of the event; `before` is that of the event above, or None."""
    event = chained["event"]
    epoch, seq = event["epoch"], event["seq"]
    where = f"epoch {epoch}, event {seq}"
    for name in ("tenant_id", "outlet_id", "terminal_id"):
        if event[name] != header[name]:
            raise Broken(f"{where}: its {name} is another one than the file's")
    prev = bytes.fromhex(chained["prev_hash"])
    if before is not None and before[0] == epoch:
        follows = seq == before[1] + 1
        if follows and prev != before[2]:
            raise Broken(f"{where} does not follow the event before it")
        if seq <= before[1] or (not follows and header["whole"] and not header["damaged"]):
            raise Broken(f"{where} stands where {before[1] + 1} belongs")
    elif seq == 1 and prev != GENESIS:
        raise Broken(f"{where} is the first of its life, but names one before it")
    own = hashlib.sha256(prev + rfc8785.dumps(event)).digest()
    if own.hex() != chained["hash"]:
        raise Broken(f"{where} was changed after it was written")
    signed(key, chained["signature"], own, where)
    return epoch, seq, own


def verify(path, expected_key):
    seal = hashlib.sha256()
    with open(path, "rb") as file:
        lines = file.read().splitlines(keepends=True)
    if len(lines) < 2:
        raise Broken("the file ends too early")
    header, footer = read(lines[0]), read(lines[-1])
    if header.get("format") != "kedai-journal":
        raise Broken("this is no exported journal")
    if expected_key and header["public_key"] != expected_key:
        raise Broken("the file was signed by another key than the one given")
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(header["public_key"]))
    before, kinds = None, {}
    for line in lines[1:-1]:
        chained = read(line)
        before = check_event(chained, before, header, key)
        kinds[chained["event"]["kind"]] = kinds.get(chained["event"]["kind"], 0) + 1
    for line in lines[:-1]:
        seal.update(line)
    if footer["events"] != len(lines) - 2 or footer["sha256"] != seal.hexdigest():
        raise Broken("the file was changed after it was sealed")
    signed(key, footer["signature"], seal.digest(), "the seal")
    return header, footer, kinds


def main():
    parser = argparse.ArgumentParser(description="verify an exported journal")
    parser.add_argument("file")
    parser.add_argument("--key", help="the terminal's public key, hexadecimal, as the server shows it")
    arguments = parser.parse_args()
    try:
        header, footer, kinds = verify(arguments.file, arguments.key)
    except (Broken, KeyError, TypeError, ValueError, OSError) as error:
        print(f"BROKEN {error}")
        return 1
    counts = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    print(f"verified: {footer['events']} events of terminal {header['terminal_id']} ({counts})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
