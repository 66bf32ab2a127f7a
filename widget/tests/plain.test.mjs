// What can be tested without a browser: bundled from the source for each run.
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const src = join(dirname(fileURLToPath(import.meta.url)), "..", "src");
const { outputFiles } = await build({
  stdin: { contents: ["plain", "stream", "suggest", "texts"].map((name) => `export * from "./${name}";`).join("\n"), resolveDir: src },
  bundle: true, write: false, format: "esm", target: "es2022",
});
const { apart, bare, datum, escape, fileName, jsonLines, over, replyText, suggest, teller, wrap } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`
);

/** A stream that delivers text in pieces of some bytes, which may cut a character in two. */
const inPieces = (text, size) =>
  new ReadableStream({
    start(controller) {
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });

test("every line is a paragraph, lists and tables stay whole", () => {
  assert.equal(apart("Kop:\n- een\n- twee\nSlot."), "Kop:\n\n- een\n- twee\n\nSlot.");
  assert.equal(apart("Een zin.\n**Nog** een."), "Een zin.\n\n**Nog** een.");
  assert.equal(apart("| a |\n| --- |\n| 1 |\nDaarna."), "| a |\n| --- |\n| 1 |\n\nDaarna.");
  assert.equal(apart("1. een\n2. twee\n   vervolg"), "1. een\n2. twee\n   vervolg");
  assert.equal(apart("een\n\ntwee"), "een\n\ntwee");
});

test("lines come whole, however the network cuts them", async () => {
  const objects = [{ text: "één € en 🙂" }, { custom: {} }, { klaar: true }];
  for (const size of [1, 2, 7, 1000]) {
    const got = [];
    for await (const object of jsonLines(inPieces(objects.map((one) => `${JSON.stringify(one)}\n`).join("\n"), size))) got.push(object);
    assert.deepEqual(got, objects);
  }
});

test("a cut-off last line is left out", async () => {
  const got = [];
  for await (const object of jsonLines(inPieces('{"text":"a"}\n{"klaar"', 5))) got.push(object);
  assert.deepEqual(got, [{ text: "a" }]);
});

test("suggestions fit every typed word, accents or not, and never repeat what stands there", () => {
  const all = ["Welke schaal heeft een adviseur?", "Wat is coördinatie?", "Welke opleiding vraagt een adviseur?"];
  assert.deepEqual(suggest(all, "adv schaal"), [all[0]]);
  assert.deepEqual(suggest(all, "coordi"), [all[1]]);
  assert.deepEqual(suggest(all, "we"), []);
  assert.deepEqual(suggest(all, all[0]), []);
  assert.equal(suggest(all, "welke adviseur", 1).length, 1);
});

test("what is copied has no Markdown and has its sources", () => {
  assert.equal(bare("**Adviseur** zit in _schaal 10_. [HR21](https://hr21.nl)"), "Adviseur zit in schaal 10. HR21 (https://hr21.nl)");
  assert.equal(bare("bestand_naam_hier"), "bestand_naam_hier");
  const sources = [{ id: "b", title: "Functieboek", section: "Schalen", date: "2018-04" }];
  assert.equal(
    replyText([{ text: "**Tien**." }, { custom: { answer: { outcome: "answered", kind: "a.b", sources, data: {} } } }]),
    "Tien.\n\nBronnen:\n- Functieboek, Schalen (april 2018)",
  );
});

test("words of the widget", () => {
  assert.equal(datum("2020-07-01"), "1 juli 2020");
  assert.equal(datum("2020"), "2020");
  assert.equal(datum(null), "datum onbekend");
  assert.equal(teller(399, 500), "");
  assert.equal(teller(499, 500), "Nog 1 teken");
  assert.equal(teller(502, 500), "2 tekens te veel");
  assert.equal(over(1), "Ik probeer het over 1 seconde opnieuw.");
});

test("small things", () => {
  assert.deepEqual(wrap("Strategisch beleidsadviseur informatie", 27), ["Strategisch beleidsadviseur", "informatie"]);
  assert.equal(fileName("Mijn loopbaan: één overzicht!"), "mijn-loopbaan-een-overzicht");
  assert.equal(escape(`<a href="x">'&`), "&#60;a href=&#34;x&#34;&#62;&#39;&#38;");
});
