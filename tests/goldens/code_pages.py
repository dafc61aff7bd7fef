"""Writes the upper halves of the printers' code pages as Python's codecs decode them.

    python3 tests/goldens/code_pages.py tables  > hardware/src/escpos/code_page/tables.txt
    python3 tests/goldens/code_pages.py oracle  > hardware/tests/it/data/code_pages.txt

`tables` is what the encoder uses: the page, then its 128 characters as code points. `oracle` is what the test holds it
against, byte for byte; the test run makes it anew where Python is at hand and compares.
"""

import sys
import unicodedata

PAGES = """cp437 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp863 cp865 cp866 cp1125 cp1250 cp1251 cp1252
cp1253 cp1254 cp1257 iso8859_2 iso8859_5 iso8859_7 iso8859_9 iso8859_15""".split()


def character(page, byte):
    try:
        text = bytes([byte]).decode(page)
    except UnicodeDecodeError:
        return None
    # Controls of the ISO pages print nothing.
    return None if unicodedata.category(text) == "Cc" else text


for page in PAGES:
    upper = [character(page, byte) for byte in range(0x80, 0x100)]
    if sys.argv[1:] == ["tables"]:
        print(page, *(f"{ord(c):x}" if c else "-" for c in upper))
    else:
        for byte, c in enumerate(upper, start=0x80):
            print(page, f"{byte:02X}", f"{ord(c):04X}" if c else "-")
