/* Builds the chat for our own page (page.js) and for other sites (widget.js), each one file. The first line of each records
   the hash of what it was built from: tests/web/test_widget.py. */

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const here = new URL(".", import.meta.url).pathname;
const own = "../bot/web/static";
const shared = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  charset: "utf8",
  target: "es2021",
  metafile: true,
  external: ["./place-map.js"], // fetched when somebody is asked for a place, and there is a map
};

await make({ entryPoints: ["widget.js"], format: "iife" }, "widget.js");
await make({ entryPoints: [`${own}/chat.js`], format: "esm" }, "page.js");

async function make(what, name) {
  const settings = { ...shared, ...what };
  const { metafile } = await build({ ...settings, write: false });
  const sources = Object.keys(metafile.inputs).sort();
  const hash = createHash("sha256");
  for (const source of sources) hash.update(`${source}\n`).update(readFileSync(here + source));
  const record = JSON.stringify({ sources, sha256: hash.digest("hex") });
  await build({ ...settings, outfile: `${own}/${name}`, banner: { js: `/* ${record} */` } });
}
