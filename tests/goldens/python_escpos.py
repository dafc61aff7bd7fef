"""Writes what python-escpos sends for the things that our encoder sends too: name, then bytes in hexadecimal.

    target/venv/bin/python tests/goldens/python_escpos.py > hardware/tests/it/data/python-escpos.txt
"""

from escpos.printer import Dummy
from PIL import Image

PROFILE = "TM-T88V"


def case(name, send):
    printer = Dummy(profile=PROFILE)
    send(printer)
    print(name, printer.output.hex())


def picture():
    image = Image.new("1", (12, 2), 1)
    image.putpixel((0, 0), 0)
    image.putpixel((11, 1), 0)
    return image


def page(name):
    def send(printer):
        printer.charcode(name)
        encoder = printer.magic.encoder
        table = encoder._get_codepage_char_map(name)
        letters = [c for c, byte in sorted(table.items(), key=lambda entry: entry[1]) if c.isalpha() and byte > 127]
        printer._raw("".join(letters).encode("utf-8") + b"\0")
        printer.text("".join(letters))

    return send


case("drawer-2", lambda p: p.cashdraw(2))
case("drawer-5", lambda p: p.cashdraw(5))
case("cut-full", lambda p: p.cut("FULL"))
case("cut-partial", lambda p: p.cut("PART"))
case("feed-3", lambda p: p.ln(3))
case("print-and-feed-4", lambda p: p.print_and_feed(4))
case("bold", lambda p: p.set(bold=True))
case("double", lambda p: p.set(custom_size=True, width=2, height=2))
case("tall", lambda p: p.set(custom_size=True, width=1, height=2))
case("inverse", lambda p: p.set(invert=True))
case("centre", lambda p: p.set(align="center"))
case("qr", lambda p: p.qr("https://kedai.example/r/1", ec=1, size=6, model=2, native=True))
case("ean13", lambda p: p.barcode("4006381333931", "EAN13", height=80, width=3, pos="BELOW", function_type="B"))
case("ean8", lambda p: p.barcode("96385074", "EAN8", height=80, width=3, pos="BELOW", function_type="B"))
case("upca", lambda p: p.barcode("036000291452", "UPC-A", height=80, width=3, pos="BELOW", function_type="B"))
case("code128", lambda p: p.barcode("{BINV-1", "CODE128", height=80, width=3, pos="OFF", function_type="B"))
case("picture", lambda p: p.image(picture(), impl="bitImageRaster"))
for number, name in sorted(Dummy(profile=PROFILE).profile.profile_data["codePages"].items(), key=lambda e: int(e[0])):
    try:
        case(f"page:{name}:{number}", page(name))
    except Exception as error:
        print(f"# {name}: {type(error).__name__} {error}")
