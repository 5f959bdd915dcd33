// Which part of a picture is meant: it is shown as it will be, and told to the server in shares of the picture.
"use strict";

const form = document.querySelector("[data-crop]");
const box = form.querySelector(".crop");
const canvas = box.querySelector("canvas");
const zoom = document.getElementById("crop-side");
const across = document.getElementById("crop-x");
const down = document.getElementById("crop-y");
let picture = null;

// The square in pixels of the picture, upright as the browser shows it.
function square() {
  const side = Math.min(picture.width, picture.height) / Number(zoom.value);
  return { side, left: (picture.width - side) * Number(across.value), top: (picture.height - side) * Number(down.value) };
}

function draw() {
  if (!picture) return;
  const { side, left, top } = square();
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
  form.elements.x.value = Math.min(left / picture.width, 0.9999).toFixed(4);
  form.elements.y.value = Math.min(top / picture.height, 0.9999).toFixed(4);
  form.elements.side.value = (side / Math.min(picture.width, picture.height)).toFixed(4);
}

form.elements.picture.addEventListener("change", async () => {
  const [file] = form.elements.picture.files;
  picture = null;
  for (const name of ["x", "y", "side"]) form.elements[name].value = "";
  if (file) {
    // What the browser cannot show may still be a picture; the server says so if it is none.
    picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  }
  box.hidden = !picture;
  draw();
});
for (const slider of [zoom, across, down]) slider.addEventListener("input", draw);

let from = null;
canvas.addEventListener("pointerdown", (event) => {
  if (!picture) return;
  canvas.setPointerCapture(event.pointerId);
  from = { x: event.clientX, y: event.clientY, across: Number(across.value), down: Number(down.value) };
});
canvas.addEventListener("pointermove", (event) => {
  if (!from || !picture) return;
  const { side } = square();
  const scale = side / canvas.clientWidth;
  const room = { x: picture.width - side, y: picture.height - side };
  if (room.x > 0) across.value = from.across - ((event.clientX - from.x) * scale) / room.x;
  if (room.y > 0) down.value = from.down - ((event.clientY - from.y) * scale) / room.y;
  draw();
});
for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { from = null; });
