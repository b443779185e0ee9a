/* Builds bot/web/static/widget.js. Its first line records the hash of what it was built from: tests/web/test_widget.py. */

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const here = new URL(".", import.meta.url).pathname;
const settings = {
  absWorkingDir: here,
  entryPoints: ["widget.js"],
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "iife",
  target: "es2021",
  metafile: true,
};

const { metafile } = await build({ ...settings, write: false });
const hash = createHash("sha256");
for (const source of Object.keys(metafile.inputs).sort()) hash.update(`${source}\n`).update(readFileSync(here + source));
const record = { sources: Object.keys(metafile.inputs).sort(), sha256: hash.digest("hex") };
await build({ ...settings, outfile: "../bot/web/static/widget.js", banner: { js: `/* ${JSON.stringify(record)} */` } });
