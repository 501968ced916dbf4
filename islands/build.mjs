// Bundle the scripts of the pages, and the licences of what is in them, into the package.
import { build } from "esbuild";
import { mkdir, readFile, writeFile } from "node:fs/promises";

const target = new URL("../src/vialtrace/web/static/built/", import.meta.url);
await mkdir(target, { recursive: true });
await build({
  entryPoints: ["src/graph.ts"],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  outdir: target.pathname,
});
const texts = [];
for (const name of ["sigma", "graphology", "graphology-utils", "events"]) {
  const about = JSON.parse(await readFile(`node_modules/${name}/package.json`, "utf8"));
  for (const file of ["LICENSE.txt", "LICENSE", "LICENSE.md"]) {
    const text = await readFile(`node_modules/${name}/${file}`, "utf8").catch(() => null);
    if (text !== null) {
      texts.push(`${name} ${about.version} (${about.license})\n\n${text.trim()}\n`);
      break;
    }
  }
}
await writeFile(new URL("LICENSES.txt", target), texts.join("\n\n"));
