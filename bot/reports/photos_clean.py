"""Makes a photo safe to keep: its type is read from its content, and only its pixels go on.

Whatever else came along (where it was taken, the camera, thumbnails, comments, other files stuck to
it) stays behind, because the picture is drawn anew.
"""

import io
import threading
from dataclasses import dataclass

import pillow_heif
from PIL import ExifTags, Image, ImageOps

LARGEST = 10 * 1024 * 1024  # bytes of a photo as it is sent
MOST_PIXELS = 50_500_000  # a telephone's 50 megapixels; decoded that takes about half a gigabyte
LONGEST_SIDE = 2_560  # pixels of a photo as it is kept
QUALITY = 85
FORMATS = ("JPEG", "PNG", "HEIF")
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
SCAN = b"\xff\xda"
# A camera makes about ten. Each costs a pass over the whole picture, so a small file of very many
# would hold the server up: https://bugzilla.redhat.com/show_bug.cgi?id=1344214
MOST_SCANS = 200

# Without thumbnails: one that is not of the picture itself would be taken in its place.
pillow_heif.register_heif_opener(
    thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
)
_one_at_a_time = threading.Lock()  # so that memory for one picture is enough
LONGEST_WAIT = 15.0  # seconds for those before it: photos must not take every thread of the site


class PhotoRefused(Exception):
    """The photo is not kept. `reason` is type, size (bytes), pixels, broken, many or busy."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Cleaned:
    """A photo as it is kept: the bytes of a JPEG."""

    jpeg: bytes
    width: int
    height: int


def clean(data: bytes) -> Cleaned:
    """The picture in `data` (JPEG, PNG or HEIC), upright, small enough, and nothing but it.

    Raises PhotoRefused, whatever the bytes are.
    """
    if len(data) > LARGEST:
        raise PhotoRefused("size")
    if not _begins_as_photo(data):
        raise PhotoRefused("type")
    if data.startswith(b"\xff\xd8") and data.count(SCAN) > MOST_SCANS:
        raise PhotoRefused("broken")
    if not _one_at_a_time.acquire(timeout=LONGEST_WAIT):
        raise PhotoRefused("busy")
    try:
        return _drawn_anew(data)
    except PhotoRefused:
        raise
    except Image.DecompressionBombError:
        raise PhotoRefused("pixels") from None
    except Exception:  # decoders fail in many ways on what is not a whole picture
        raise PhotoRefused("broken") from None
    finally:
        _one_at_a_time.release()


def _begins_as_photo(data: bytes) -> bool:
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return True
    return data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS


def _drawn_anew(data: bytes) -> Cleaned:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise PhotoRefused("pixels")
        turned = _orientation(image)
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is read at half its size or less
        picture = _in_colours(image)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
    picture.info = {"exif": turned}
    picture = ImageOps.exif_transpose(picture)
    picture.info = {}
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=QUALITY, optimize=True)
    return Cleaned(made.getvalue(), picture.width, picture.height)


def _orientation(image: Image.Image) -> bytes:
    """EXIF that says which way up the picture is, and nothing else."""
    only = Image.Exif()
    try:
        only[ExifTags.Base.Orientation] = int(image.getexif().get(ExifTags.Base.Orientation, 1))
        return only.tobytes()
    except Exception:  # unreadable EXIF does not spoil the picture
        return b""


def _in_colours(image: Image.Image) -> Image.Image:
    if image.has_transparency_data:
        over = image if image.mode == "RGBA" else image.convert("RGBA")
        flat = Image.new("RGB", image.size, "white")
        flat.paste(over, mask=over.getchannel("A"))
        return flat
    image.load()
    return image if image.mode == "RGB" else image.convert("RGB")
