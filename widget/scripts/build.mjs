// Builds the widget into the one file that the bot serves, and the licences of what is in it.
//   node scripts/build.mjs          write them
//   node scripts/build.mjs --check  exit 1 when the committed files are not what the source gives, or it grew too large
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";

const HERE = join(dirname(fileURLToPath(import.meta.url)), "..");
const OUT = join(HERE, "..", "bot", "channels", "web");
const MOST = 40_000; // bytes, gzipped
const TARGET = ["chrome123", "firefox120", "safari17.5"]; // the first with light-dark()

const read = (...path) => readFile(join(HERE, ...path), "utf8");
const { dependencies } = JSON.parse(await read("package.json"));

// Looks of the NL Design System's button and link that the widget never uses.
const UNUSED = /[^{}]*\.nl-(?:[^{}]*:active|button(?:--(?:positive|negative|pressed|disabled|busy)|__icon)|link--)[^{}]*\{[^{}]*\}/g;

/** Style sheets become text: imports put together, minified. */
const css = {
  name: "css",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { outputFiles } = await build({
        entryPoints: [path], bundle: true, minify: true, write: false, target: TARGET, legalComments: "none", logLevel: "warning",
      });
      // esbuild leaves the space in a custom property's value alone.
      const text = outputFiles[0].text.trim().replace(UNUSED, "").replace(/(--[\w-]+): /g, "$1:").replace(/(#\w+), /g, "$1,");
      return { contents: text, loader: "text" };
    });
  },
};

export async function bundle() {
  const names = Object.entries(dependencies).map(([name, version]) => `${name} ${version}`).join(", ");
  const { outputFiles } = await build({
    entryPoints: [join(HERE, "src", "index.ts")],
    absWorkingDir: HERE,
    bundle: true, minifySyntax: true, write: false, format: "iife", target: TARGET, charset: "utf8", legalComments: "none",
    plugins: [css],
  });
  // Terser makes it some three per cent smaller than esbuild does.
  const { code } = await minify(outputFiles[0].text, {
    ecma: 2020, toplevel: true, compress: { passes: 3, inline: 1, reduce_funcs: false },
    format: { comments: false, preamble: `/*! Loopbaan-assistent (EUPL-1.2), met ${names}. Licenties: LICENTIES.txt */` },
  });
  const licences = [];
  for (const [name, version] of Object.entries(dependencies)) {
    const about = JSON.parse(await read("node_modules", name, "package.json"));
    if (about.version !== version) throw new Error(`${name} is ${about.version}, not ${version}: run npm ci`);
    let text = "";
    for (const file of ["LICENSE", "LICENSE.md", "LICENCE", "LICENSE.txt"]) text ||= await read("node_modules", name, file).catch(() => "");
    licences.push(`${name} ${version} (${about.license})\n\n${text.trim()}\n`);
  }
  return { "widget.js": `${code}\n`, "LICENTIES.txt": licences.join(`\n${"=".repeat(79)}\n\n`) };
}

const check = process.argv.includes("--check");
const files = await bundle();
const size = gzipSync(files["widget.js"], { level: 9 }).length;
console.log(`widget.js: ${files["widget.js"].length} tekens, ${size} bytes met gzip (hoogstens ${MOST})`);
let failed = size > MOST;
if (failed) console.error("De bundel is te groot.");
for (const [name, content] of Object.entries(files)) {
  const path = join(OUT, name);
  if (!check) await writeFile(path, content);
  else if ((await readFile(path, "utf8").catch(() => "")) !== content) {
    console.error(`${relative(join(HERE, ".."), path)} is niet wat de bron geeft. Draai in widget/: npm ci && npm run build`);
    failed = true;
  }
}
process.exit(failed ? 1 : 0);
