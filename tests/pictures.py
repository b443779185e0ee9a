"""Real pictures for tests: what telephones send, and what harms."""

import io
import struct
import zlib
from functools import cache

import pillow_heif
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

pillow_heif.register_heif_opener()

WORDS = b"<script>alert(document.domain)</script>"


def drawn(size=(640, 480), mode="RGB"):
    """A picture whose left half is red and right half is blue."""
    image = Image.new(mode, size, "blue")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1]), fill="red")
    return image


def encoded(image, kind="JPEG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def exif(orientation=1, comment="Jo's telephone"):
    """EXIF as a telephone writes it: where it was taken, by which telephone, which way up."""
    made = Image.Exif()
    made[0x010F], made[0x0110], made[0x0112] = "Maker", comment, orientation
    place = made.get_ifd(0x8825)
    place[1], place[2] = "N", (51.0, 45.0, 18.0)
    place[3], place[4] = "W", (0.0, 20.0, 9.0)
    return made


@cache  # a colour profile says when it was made
def jpeg(size=(640, 480), orientation=1, **options):
    """A JPEG with GPS, XMP, a colour profile and a comment in it."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return encoded(
        drawn(size), "JPEG", exif=exif(orientation), comment=b"51.755,-0.336",
        icc_profile=profile, xmp=b"<x:xmpmeta>GPSLatitude 51,45.3N</x:xmpmeta>", **options,
    )  # fmt: skip


def png(size=(640, 480), mode="RGB"):
    """A PNG with a text that says where it was taken."""
    told = PngImagePlugin.PngInfo()
    told.add_text("Location", "51.755,-0.336")
    return encoded(drawn(size, mode), "PNG", pnginfo=told, exif=exif())


def heic(size=(640, 480)):
    """A HEIC as an iPhone writes it, with GPS in it."""
    return encoded(drawn(size), "HEIF", exif=exif().tobytes(), quality=90)


def gif():
    return encoded(drawn(), "GIF")


def bomb(side=20_000):
    """A small PNG that unpacks to `side` times `side` pixels."""
    row = b"\x00" * (1 + side // 8)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


def markers(data):
    """The kinds of the segments of a JPEG up to its picture, and what follows its end."""
    kinds, at = [], 2
    while data[at + 1] != 0xDA:
        kinds.append(data[at + 1])
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return kinds, data[data.rindex(b"\xff\xd9") + 2 :]
