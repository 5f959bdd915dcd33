"""Pictures for tests: photos as telephones make them, and files that nobody should open."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms

CORNERS = {"red": (220, 30, 30), "green": (30, 200, 30), "blue": (30, 30, 220), "yellow": (220, 220, 30)}


def scene(width: int = 800, height: int = 600) -> Image.Image:
    """Four quarters of different colours: red, green above blue, yellow."""
    picture = Image.new("RGB", (width, height))
    for at, colour in enumerate(CORNERS.values()):
        picture.paste(colour, (at % 2 * width // 2, at // 2 * height // 2, width, height))
    return picture


def saved(picture: Image.Image, format: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def photo(width: int = 4032, height: int = 3024) -> bytes:
    """12 MP with noise, a place, a colour profile, and a comment."""
    noise = Image.effect_noise((width, height), 60).convert("RGB")
    picture = Image.blend(scene(width, height), noise, 0.2)
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = "N", (59.0, 19.0, 45.5)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return saved(picture, "JPEG", quality=80, exif=exif, icc_profile=profile, comment=b"at home")


def turned(orientation: int) -> bytes:
    """What a camera held in that way stores: upright, it is the scene."""
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    stored = scene().transpose(back[orientation]) if orientation in back else scene()
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(stored, "JPEG", exif=exif)


def bomb(side: int = 30_000) -> bytes:
    """A PNG of some hundred kilobytes that says it has so many pixels each way, and has."""
    packer = zlib.compressobj(9)
    rows = [packer.compress(bytes((side // 8 + 1) * 100)) for _ in range(side // 100)]
    head = struct.pack(">2I5B", side, side, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", b"".join(rows) + packer.flush()), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def quarters(data: bytes) -> list[str]:
    """The colours that the four quarters of a picture have, in the scene's order."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    width, height = picture.size
    found = []
    for x, y in ((1, 1), (3, 1), (1, 3), (3, 3)):
        pixel = picture.getpixel((width * x // 4, height * y // 4))
        assert isinstance(pixel, tuple)
        found.append(min(CORNERS, key=lambda name: sum(abs(a - b) for a, b in zip(CORNERS[name], pixel, strict=True))))
    return found
