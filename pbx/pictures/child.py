"""The program that decodes pictures which anybody may have made. Run by its path, across pipes, never imported.

A program of its own, so that a decoder that crashes, hangs or takes all memory costs one upload. The file's bytes on
standard input, the picture as JPEG on standard output. Its arguments, if any, say which square of the picture is meant:
x and y of its corner in shares of the width and the height, and its side in shares of the shorter one. Ends with 0, or
with the number below that says why not.
"""

import contextlib
import io
import resource
import sys
import warnings
from collections.abc import Callable

from PIL import ExifTags, Image, ImageCms, ImageOps

FORMAT, TOO_LARGE, DAMAGED, MOVING, TOO_SMALL = 3, 4, 5, 6, 7
SIDE, SMALLEST = 512, 64  # pixels
# A JPEG is decoded in the size that is needed; of the others every pixel is in memory, several times.
MOST_PIXELS = {"JPEG": 50_000_000, "MPO": 50_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
_MEMORY, _SECONDS = 400 << 20, 20
_MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
_TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# From the picture turned upright back to the picture as it lies in the file, in shares of width and height.
Square = tuple[float, float, float]
_BACK: dict[int, Callable[[float, float], tuple[float, float]]] = {
    2: lambda x, y: (1 - x, y),
    3: lambda x, y: (1 - x, 1 - y),
    4: lambda x, y: (x, 1 - y),
    5: lambda x, y: (y, x),
    6: lambda x, y: (y, 1 - x),
    7: lambda x, y: (1 - y, 1 - x),
    8: lambda x, y: (1 - y, x),
}


class No(Exception):
    """`code`: why not."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def converted(data: bytes, square: Square | None) -> bytes:
    """`square`: None for the middle. Raises No, and whatever a decoder raises."""
    if not data.startswith(_MAGIC):
        raise No(FORMAT)
    picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
    check(picture)
    lies = orientation(picture)
    profile = picture.info.get("icc_profile")
    share = 1.0 if square is None else square[2]
    if share * min(picture.size) < SMALLEST:
        raise No(TOO_SMALL)
    if picture.format in {"JPEG", "MPO"}:
        picture.draft(picture.mode, (int(2 * SIDE / share), int(2 * SIDE / share)))
    whole = plain(picture)
    if square is not None:
        whole = whole.crop(box(whole.size, lies, square))
    small = ImageOps.fit(whole, (SIDE, SIDE), Image.Resampling.LANCZOS)
    if lies in _TURNED:  # a square stays one, so the large picture need not be turned
        small = small.transpose(_TURNED[lies])
    out = io.BytesIO()
    on_white(in_srgb(small, profile)).save(out, "JPEG", quality=88, optimize=True)
    return out.getvalue()


def check(picture: Image.Image) -> None:
    """By what the header says, before anything is decoded."""
    width, height = picture.size
    if width * height > MOST_PIXELS[picture.format or ""]:
        raise No(TOO_LARGE)
    if min(width, height) < SMALLEST:
        raise No(TOO_SMALL)
    if picture.format != "MPO" and getattr(picture, "is_animated", False):  # MPO: a telephone's photo with extras
        raise No(MOVING)


def box(size: tuple[int, int], lies: int, square: Square) -> tuple[int, int, int, int]:
    """The square in pixels of the picture as it lies in the file. One that reaches out of the picture is pushed in."""
    width, height = (size[1], size[0]) if lies >= 5 else size
    side = square[2] * min(size)
    left, top = min(square[0], 1 - side / width), min(square[1], 1 - side / height)
    corners = [(left, top), (left + side / width, top + side / height)]
    if lies in _BACK:
        corners = [_BACK[lies](*corner) for corner in corners]
    xs, ys = (sorted(corner[axis] * size[axis] for corner in corners) for axis in (0, 1))
    at = (max(0, round(xs[0])), max(0, round(ys[0])))
    return (*at, min(size[0], at[0] + round(side)), min(size[1], at[1] + round(side)))


def orientation(picture: Image.Image) -> int:
    """As EXIF tells it; 1 where that is missing or damaged."""
    with contextlib.suppress(Exception):
        return int(picture.getexif().get(ExifTags.Base.Orientation, 1))
    return 1


def plain(picture: Image.Image) -> Image.Image:
    """Decoded, in a mode that can be made smaller smoothly."""
    picture.load()
    if picture.mode.startswith("I"):  # 16 bit grey
        return picture.point(lambda value: value / 256).convert("L")
    if picture.mode in {"P", "PA", "LA"} or "transparency" in picture.info:
        return picture.convert("RGBA")
    return picture if picture.mode in {"L", "RGB", "RGBA", "CMYK"} else picture.convert("RGB")


def in_srgb(small: Image.Image, profile: bytes | None) -> Image.Image:
    """As its colour profile means it; one that cannot be used is passed over."""
    if profile and small.mode in {"L", "RGB", "CMYK"}:
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            done = ImageCms.profileToProfile(small, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
            return done or small
    return small


def on_white(small: Image.Image) -> Image.Image:
    """A new picture, which knows nothing of where its pixels came from."""
    made = Image.new("RGB", small.size, "white")
    made.paste(small.convert("RGB"), mask=small.getchannel("A") if small.mode == "RGBA" else None)
    return made


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = max(MOST_PIXELS.values())
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        square = tuple(float(share) for share in sys.argv[1:4])
        made = converted(sys.stdin.buffer.read(), square if len(square) == 3 else None)
    except No as no:
        return no.code
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        return TOO_LARGE
    except Exception as error:  # noqa: BLE001  whatever a decoder raises, its words go to our parent
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return DAMAGED
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
