"""Whatever a person uploads as a picture becomes one small square JPEG, or a sentence that says why not."""

import io
import os
import time
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from pbx.errors import Refused
from pbx.pictures.portrait import LARGEST, Crop, Portraits, read
from tests.pictures import shots

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><rect width="9"/></svg>'


def gif() -> bytes:
    return shots.saved(shots.scene(), "GIF")


def moving(format: str) -> bytes:
    frames = [shots.scene(), shots.scene().rotate(180)]
    return shots.saved(frames[0], format, save_all=True, append_images=frames[1:], duration=100)


async def test_a_photo_of_12_megapixels_becomes_512_pixels_and_tells_no_place() -> None:
    photo = shots.photo()
    assert b"SecretPhone" in photo
    begun = time.perf_counter()
    made = await Portraits().of(photo)
    print(f"{len(photo) >> 10} KiB in {time.perf_counter() - begun:.2f} s, {len(made) >> 10} KiB")
    picture = Image.open(io.BytesIO(made))
    assert (picture.format, picture.size, picture.mode) == ("JPEG", (512, 512), "RGB")
    assert not picture.getexif()
    assert not picture.info.keys() - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not any(word in made for word in (b"Exif", b"ICC_PROFILE", b"SecretPhone", b"at home", b"http"))
    assert shots.quarters(made) == list(shots.CORNERS)
    assert await Portraits().of(photo) == made


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_it_is_upright_however_the_camera_was_held(orientation: int) -> None:
    assert shots.quarters(await Portraits().of(shots.turned(orientation))) == list(shots.CORNERS)


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_the_part_that_is_meant_is_cut_out_however_the_camera_was_held(orientation: int) -> None:
    photo = shots.turned(orientation)
    corners = {"red": (0.02, 0.05), "green": (0.6, 0.05), "blue": (0.02, 0.6), "yellow": (0.6, 0.6)}
    for colour, (x, y) in corners.items():
        assert set(shots.quarters(await Portraits().of(photo, Crop(x, y, 0.4)))) == {colour}
    assert set(shots.quarters(await Portraits().of(photo, Crop(0.99, 0.99, 0.4)))) == {"yellow"}


@pytest.mark.parametrize("shares", [(-0.1, 0, 1), (0, 1.0, 0.5), (0, 0, 0.1), (0, 0, 1.1), (float("nan"), 0, 1)])
def test_a_part_that_lies_in_no_picture_is_none(shares: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match=r"no numbers|not in the picture"):
        Crop(*shares)


@pytest.mark.parametrize(
    ("mode", "format", "options"),
    [
        ("RGB", "PNG", {}), ("RGBA", "PNG", {}), ("P", "PNG", {}), ("RGB", "WEBP", {"lossless": True}),
        ("RGBA", "WEBP", {}), ("CMYK", "JPEG", {}), ("RGB", "JPEG", {"progressive": True}),
    ],
)  # fmt: skip
async def test_all_three_formats_are_taken_in_every_mode(mode: str, format: str, options: dict[str, bool]) -> None:
    made = await Portraits().of(shots.saved(shots.scene().convert(mode), format, **options))
    assert shots.quarters(made) == list(shots.CORNERS)


@pytest.mark.parametrize("mode", ["L", "1", "I;16", "LA"])
async def test_grey_pictures_stay_grey(mode: str) -> None:
    half = Image.new("L", (100, 100), 128)
    grey = half.convert("I").point(lambda value: value * 257).convert("I;16") if mode == "I;16" else half.convert(mode)
    pixel = Image.open(io.BytesIO(await Portraits().of(shots.saved(grey, "PNG")))).resize((1, 1)).getpixel((0, 0))
    assert isinstance(pixel, tuple)
    assert all(abs(value - 128) < 6 for value in pixel)


async def test_what_is_transparent_becomes_white() -> None:
    made = await Portraits().of(shots.saved(Image.new("RGBA", (100, 100), (0, 0, 0, 0)), "PNG"))
    assert Image.open(io.BytesIO(made)).getpixel((256, 256)) == (255, 255, 255)


async def test_colours_are_as_the_profile_means_them() -> None:
    """The profile's red is sRGB's green, and the other way round."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"____").replace(b"gXYZ", b"rXYZ").replace(b"____", b"gXYZ")
    made = await Portraits().of(shots.saved(shots.scene(), "PNG", icc_profile=swapped))
    assert shots.quarters(made)[:3] == ["green", "red", "blue"]
    broken = await Portraits().of(shots.saved(shots.scene(), "PNG", icc_profile=profile[:200]))
    assert shots.quarters(broken) == list(shots.CORNERS)


async def test_the_extra_pictures_in_a_telephones_photo_are_no_animation() -> None:
    frames = [shots.scene(), shots.scene(80, 60)]
    made = await Portraits().of(shots.saved(frames[0], "MPO", save_all=True, append_images=frames[1:]))
    assert shots.quarters(made) == list(shots.CORNERS)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "picture-empty"), (SVG, "picture-format"), (b"<html><body>hello</body></html>", "picture-format"),
        (gif(), "picture-format"), (shots.saved(shots.scene(), "BMP"), "picture-format"),
        (shots.saved(shots.scene(), "JPEG")[:-2_000], "picture-damaged"),
        (shots.saved(shots.scene(), "PNG")[:-200], "picture-damaged"),
        (shots.saved(shots.scene(), "WEBP")[:-200], "picture-damaged"),
        (b"\xff\xd8\xff" + bytes(500), "picture-damaged"), (b"RIFF\x24\0\0\0WAVEfmt ", "picture-damaged"),
        (moving("WEBP"), "picture-moving"), (moving("PNG"), "picture-moving"),
        (shots.saved(shots.scene(40, 40), "PNG"), "picture-too-small"),
        (b"\xff\xd8\xff" + bytes(LARGEST), "picture-too-large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
async def test_what_is_no_picture_for_us_is_refused_in_words(data: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        await Portraits().of(data)


@pytest.mark.parametrize("side", [30_000, 8_000])
async def test_a_bomb_is_refused_by_its_header(side: int) -> None:
    data = shots.bomb(side)
    assert len(data) < 1 << 20
    begun = time.perf_counter()
    with pytest.raises(Refused, match="picture-too-large"):
        await Portraits().of(data)
    assert time.perf_counter() - begun < 30


async def test_a_large_webp_is_refused_by_its_header() -> None:
    data = shots.saved(Image.new("RGB", (16_000, 1_100)), "WEBP")
    with pytest.raises(Refused, match="picture-too-large"):
        await Portraits().of(data)


async def test_a_photo_of_50_megapixels_is_taken() -> None:
    data = shots.saved(shots.scene(8_160, 6_120), "JPEG")
    assert shots.quarters(await Portraits().of(data)) == list(shots.CORNERS)


def test_only_an_ordinary_file_is_read(tmp_path: Path) -> None:
    real, link, pipe, empty = (tmp_path / name for name in ("a.jpg", "link.jpg", "pipe.jpg", "empty.jpg"))
    real.write_bytes(b"picture")
    link.symlink_to(real)
    os.mkfifo(pipe)
    empty.touch()
    assert read(real) == b"picture"
    for bad in (link, pipe, tmp_path, tmp_path / "none.jpg", Path("/dev/zero"), tmp_path / "nul\0"):
        with pytest.raises(Refused, match="picture-file"):
            read(bad)
    with pytest.raises(Refused, match="picture-empty"):
        read(empty)
    with empty.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(Refused, match="picture-too-large"):
        read(empty)
