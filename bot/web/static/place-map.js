/* The optional map beside a place field (templates/map_parts.html). Leaflet is fetched when somebody asks for a map. */

const LEAFLET = "./vendor/leaflet/leaflet";
const DIGITS = 4; // decimals of a degree: about ten metres
const FROM_MAP = /(?:, )?Map: -?\d+\.\d+, -?\d+\.\d+/; // "Map" is what staff look for, in any language
const CLOSEST = 18;
const FURTHEST = 11;

/**
 * Make the button of `holder` show a map, once. `onPlace(words)` is called with "Map: 51.7527, -0.3394" when a pin is
 * set and with "" when it is removed; without it the words go into the field that the holder names.
 */
export function mountMap(holder, { tiles = holder.dataset.tiles, onPlace = intoField(holder.dataset.placeMap) } = {}) {
  if (holder.dataset.mounted) return;
  const part = (name) => holder.querySelector(`.map-${name}`);
  const tell = (name, place = "") => {
    part("status").textContent = part("status").dataset[name].replace("{place}", place);
  };
  const toggle = part("toggle");
  const show = toggle.textContent;
  let drawn;

  const draw = () => drawMap(holder, tiles, {
    set(words) {
      onPlace(words);
      part("remove").hidden = false;
      tell("set", words);
    },
    down: () => tell("down"),
  });

  toggle.addEventListener("click", () => {
    const isShown = part("area").hidden;
    part("area").hidden = !isShown;
    toggle.setAttribute("aria-expanded", String(isShown));
    toggle.textContent = isShown ? toggle.dataset.hide : show;
    if (!isShown) return;
    drawn = drawn || draw();
    drawn.catch(() => {
      drawn = null; // pressing the button again tries again
      tell("down");
    });
  });
  part("middle").addEventListener("click", () => drawn && drawn.then((map) => map.pinMiddle(), () => {}));
  part("remove").addEventListener("click", async () => {
    (await drawn).unpin();
    onPlace("");
    part("middle").focus();
    part("remove").hidden = true;
    tell("removed");
  });
  holder.dataset.mounted = "yes";
  holder.hidden = false;
}

/** A Leaflet map in `holder`, with one pin at most. */
async function drawMap(holder, tiles, { set, down }) {
  const L = await leaflet();
  const area = holder.querySelector(".map");
  const { centre, bounds, zoom } = JSON.parse(holder.dataset.view);
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(area, {
    maxBounds: bounds, minZoom: FURTHEST, maxZoom: CLOSEST, attributionControl: false, zoomControl: false,
    zoomAnimation: !isStill, fadeAnimation: !isStill, markerZoomAnimation: !isStill, inertia: !isStill,
  }).setView(centre, zoom);
  L.control.zoom({ zoomInTitle: area.dataset.zoomIn, zoomOutTitle: area.dataset.zoomOut }).addTo(map);
  const layer = L.tileLayer(tiles, { maxZoom: CLOSEST }).addTo(map);
  layer.once("tileload", () => layer.off("tileerror")); // one missing picture is no failure
  layer.once("tileerror", down);

  let pin = null;
  const unpin = () => {
    if (pin) pin.remove();
    pin = null;
  };
  const place = (at) => {
    unpin();
    pin = L.marker(at, {
      icon: L.divIcon({ className: "map-pin", iconSize: [32, 32], iconAnchor: [16, 32] }), interactive: false, keyboard: false,
    }).addTo(map);
    set(`Map: ${at.lat.toFixed(DIGITS)}, ${at.lng.toFixed(DIGITS)}`);
  };
  const pinMiddle = () => place(map.getCenter());
  map.on("click", ({ latlng }) => place(latlng));
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== area) return;
    event.preventDefault();
    pinMiddle();
  });
  return { pinMiddle, unpin };
}

/** Leaflet with its style sheet: its built file is no module, and makes the global `L`. */
async function leaflet() {
  const style = Object.assign(document.createElement("link"), {
    rel: "stylesheet", href: new URL(`${LEAFLET}.css`, import.meta.url).href,
  });
  const ready = new Promise((done, failed) => { Object.assign(style, { onload: done, onerror: failed }); });
  document.head.prepend(style); // ours comes after it and wins
  await Promise.all([ready, import(`${LEAFLET}.js`)]);
  return globalThis.L;
}

const intoField = (id) => (words) => {
  const field = document.getElementById(id);
  const typed = field.value.replace(FROM_MAP, "").trim();
  field.value = [typed, words].filter(Boolean).join(", ");
  field.dispatchEvent(new Event("input", { bubbles: true }));
};

document.querySelectorAll("[data-place-map]").forEach((holder) => mountMap(holder));
