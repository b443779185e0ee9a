/* The optional map under "Where does it happen?": only where the page has one (templates/map_parts.html). */

/** Offer the map on `line`, a question for the place. The widget has none. */
export function offerMap(ui, line) {
  const kept = ui.at("place-map")?.content.querySelector("[data-place-map]");
  if (!kept) return;
  const holder = line.appendChild(document.importNode(kept, true));
  import("./place-map.js").then(({ mountMap }) => mountMap(holder), () => holder.remove());
}
