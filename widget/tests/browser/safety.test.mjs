// What comes from outside never runs, nothing goes elsewhere, and only listed sites may use the bot.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { ANSWERS, start } from "../fake-server.mjs";
import { startSite, theBot } from "./servers.mjs";
import { LISTED, UNLISTED, Widget, launch } from "./widget.mjs";

const EVIL = '<img src=x onerror="window.gehackt=1"><script>window.gehackt=1</script><svg onload="window.gehackt=1"></svg>';
const LINKS = '[klik](javascript:window.gehackt=1) [klik](JaVaScRiPt&colon;window.gehackt=1) [klik](data:text/html,x) <a href="javascript:window.gehackt=1">klik</a> ![foto](https://elders.example/x.png) [stijl](https://example.org "x\\" onmouseover=\\"window.gehackt=1")';
const MORE = '<iframe srcdoc="<script>parent.gehackt=1</script>"></iframe><form action="https://elders.example"><input name=x></form><style>@import "https://elders.example/x.css";</style><math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=window.gehackt=1&gt;">';
const level = { id: EVIL, naam: EVIL, niveau: "B" };
const functie = { id: EVIL, naam: EVIL, schaal: EVIL };

/** A bot that has been taken over: there is markup in everything it can send. */
const HOSTILE = () => [
  { text: `${EVIL} ${LINKS} ${MORE}`, buttons: [{ title: EVIL, payload: "eA" }] },
  { text: `\`\`\`\n${EVIL}\n\`\`\`\n\n| ${EVIL} | b |\n| --- | --- |\n| ${LINKS.replaceAll("|", "")} | c |` },
  { custom: { answer: {
    outcome: "answered", kind: EVIL,
    sources: [{ id: EVIL, title: EVIL, section: EVIL, date: EVIL }],
    data: {
      vergelijking: [{ ...functie, opleiding: EVIL, competenties: [level] }, { ...functie, opleiding: null, competenties: [] }],
      van: functie, pad: [{ ...functie, richting: "omhoog" }, { ...functie, richting: EVIL }],
      profielen: [{ functie, competenties: [level] }],
      kloof: { van: functie, naar: functie, competenties: [{ ...level, van: EVIL, naar: "B", stand: EVIL }] },
      cijfers: [{ waarde: 5, eenheid: "procent", over: EVIL }],
      document: { titel: EVIL, html: `<main><h1 onclick="window.gehackt=1">Overzicht</h1><a href="javascript:window.gehackt=1">x</a>${EVIL}${MORE}</main>`, tekst: EVIL },
    },
  } } },
];
ANSWERS.unshift([/overgenomen/, HOSTILE]);

/** What must not be anywhere: elements that fetch or run something, attributes that do, and links that are not links. */
const suspects = (root) =>
  [...root.querySelectorAll("*")].flatMap((element) => [
    ...(/^(img|script|iframe|object|embed|style|link|base|meta|video|audio|source|math|use|image|foreignobject|animate)$/i.test(element.localName) ? [element.localName] : []),
    ...[...element.attributes].filter(({ name, value }) => /^on|^style$|^srcdoc$|^src$|^formaction$/i.test(name) || (/href$/i.test(name) && !/^(https?:|mailto:)/.test(value))).map(({ name, value }) => `${element.localName} ${name}=${value}`),
  ]);

let fake, bot, site, browser;
before(async () => {
  fake = await start();
  bot = await theBot();
  site = await startSite(bot.url);
  browser = await launch({ [LISTED]: site.url, [UNLISTED]: site.url });
});
after(async () => {
  await browser?.close();
  fake?.server.close();
  fake?.server.closeAllConnections();
  site?.stop();
  await bot?.kill();
});

async function unharmed(widget, own) {
  await new Promise((done) => setTimeout(done, 300));
  assert.equal(await widget.frame.evaluate(() => window.gehackt), undefined, "something ran");
  assert.deepEqual(await widget.see(suspects), []);
  assert.deepEqual(widget.trouble, []);
  assert.deepEqual(widget.requests.filter((url) => !own.includes(new URL(url).origin)), [], "it asked for something elsewhere");
}

// Without the page's content policy, which would hide what the widget lets through.
test("what a hostile bot sends is shown and never runs", async () => {
  const widget = await Widget.on(browser, `${fake.url}/hoek`, {
    bypass: true,
    prepare: (page) =>
      page.evaluateOnNewDocument(() => {
        window.print = () => (window.gedrukt = document.querySelector("[data-loopbaan-druk]").shadowRoot.innerHTML);
      }),
  });
  await widget.open();
  await widget.ask("ben je overgenomen?");
  assert.match(await widget.text(".reply .text"), /<img src=x onerror/, "it is shown as it was written");
  await unharmed(widget, [fake.url]);
  for (const link of await widget.page.$$("loopbaan-assistent >>> .reply a")) await link.evaluate((element) => element.dispatchEvent(new MouseEvent("mouseover")));
  await widget.press("Druk af");
  const printed = await widget.page.evaluate(() => window.gedrukt);
  assert.match(printed, /Overzicht/);
  assert.doesNotMatch(printed, /<(img|script|iframe|style|form|input|svg|a)\b|onclick|onerror/i);
  await widget.press("Kopieer dit antwoord");
  await widget.press(EVIL);
  await widget.reply(2);
  await unharmed(widget, [fake.url]);
  await widget.close();
});

test("what a hostile person types is shown and never runs, not after a reload either", async () => {
  const widget = await (await Widget.on(browser, `${fake.url}/hoek`, { bypass: true })).open();
  for (const text of [EVIL, LINKS.slice(0, 300), "javascript:alert(1)"]) await widget.ask(text);
  assert.equal(await widget.text(".question p + p"), EVIL);
  await unharmed(widget, [fake.url]);
  await widget.page.reload();
  await widget.settle();
  assert.equal((await widget.talk()).length, 6);
  await unharmed(widget, [fake.url]);
  await widget.close();
});

test("a hostile start and hostile attributes never run", async () => {
  const begin = { titel: EVIL, welkom: `${EVIL} ${LINKS}`, voorbeelden: [EVIL], contact: { naam: EVIL, pagina: "javascript:window.gehackt=1", e_mail: EVIL }, privacy: `${EVIL}${MORE}`, bronnen: [{ titel: EVIL, datum: EVIL }], suggesties: [`overal ${EVIL}`] };
  const widget = await Widget.on(browser, `${fake.url}/hoek`, {
    bypass: true,
    prepare: async (page) => {
      await page.setRequestInterception(true);
      page.on("request", (request) => (request.url().endsWith("/begin") ? request.respond({ contentType: "application/json", body: JSON.stringify(begin) }) : request.continue()));
    },
  });
  await widget.frame.evaluate((evil) => ["titel", "knop", "voorbeelden", "thema", "kleur"].forEach((name) => document.querySelector("loopbaan-assistent").setAttribute(name, evil)), EVIL);
  await widget.open();
  await widget.page.keyboard.type("overal");
  await widget.until((root) => root.querySelector("[role=option]"));
  await unharmed(widget, [fake.url]);
  await widget.close();
});

test("the real bot does not run or repeat what is hostile", async () => {
  const widget = await (await Widget.on(browser, `${LISTED}/`, { bypass: true })).open();
  for (const text of [EVIL, LINKS.slice(0, 300), "ik ben nu <img src=x onerror=window.gehackt=1>", "/restart", "maak een samenvatting"]) await widget.ask(text);
  await unharmed(widget, [LISTED, bot.url]);
  await widget.close();
});

test("on a listed site, under its strictest policy: it works whole, and asks for nothing outside the bot", async () => {
  for (const path of ["/", "/plaats"]) {
    const widget = await Widget.on(browser, `${LISTED}${path}`);
    if (path === "/") {
      assert.deepEqual(widget.requests, [`${LISTED}/`, `${bot.url}/webhooks/web/widget.js`], "closed, it asks for nothing");
      await widget.open();
    }
    assert.match(await widget.ask("welke schaal heeft een adviseur?"), /schaal 10/);
    for (const question of ["vergelijk adviseur met regisseur/adviseur", "wat is een volgende stap na adviseur?", "welke uitdagingen noemen ambtenaren?"]) await widget.ask(question);
    await widget.press("Goed antwoord");
    await widget.reads(".status", /Bedankt/);
    await widget.press("Kopieer dit antwoord");
    await widget.reads(".status", /Gekopieerd/);
    await widget.frame.evaluate(() => (window.print = () => undefined));
    await widget.press("Meer mogelijkheden");
    await widget.press("Druk het gesprek af");
    await unharmed(widget, [LISTED, bot.url]);
    assert.deepEqual(await widget.page.cookies(), []);
    assert.notEqual(await widget.see((root) => getComputedStyle(root.querySelector(".panel")).display), "inline", "its style is there");
    await widget.close();
  }
});

test("the policy is really strict, and breaking it is seen", async () => {
  const widget = await Widget.on(browser, `${LISTED}/`);
  await widget.frame.evaluate(() => (document.body.append(document.createElement("style")), document.body.insertAdjacentHTML("beforeend", '<style>p{color:red}</style><img src="https://elders.example/x.png">')));
  await new Promise((done) => setTimeout(done, 300));
  assert.ok(widget.trouble.some((what) => what.startsWith("policy: style-src")), widget.trouble);
  assert.ok(widget.trouble.some((what) => what.startsWith("policy: img-src")), widget.trouble);
  await widget.close();
});

test("the bot's own start page breaks no policy and asks for nothing elsewhere", async () => {
  const widget = await Widget.on(browser, `${bot.url}/`);
  assert.match(await widget.ask("welke schaal heeft een adviseur?"), /schaal 10/);
  assert.deepEqual(widget.trouble, []);
  assert.deepEqual(widget.requests.filter((url) => !url.startsWith(`${bot.url}/`) && !url.startsWith("data:")), []);
  await widget.close();
});

test("on a site that is not listed the bot refuses, and the widget says so in Dutch", async () => {
  const refused = [];
  const widget = await Widget.on(browser, `${UNLISTED}/`, {
    prepare: (page) => page.on("response", (response) => response.status() >= 400 && refused.push(response.status())),
  });
  await widget.click(".launcher");
  await widget.until((root) => root.querySelector(".status").textContent);
  await widget.send("welke schaal heeft een adviseur?");
  await widget.reads(".alarm", /mag niet vanaf deze pagina worden gebruikt/);
  assert.deepEqual(refused, [403]);
  assert.equal(await widget.replies(), 0);
  assert.equal(await widget.see((root) => root.querySelector("#field").value), "welke schaal heeft een adviseur?", "the question is kept");
  assert.deepEqual(widget.trouble, []);
  await widget.close();
});

test("it works in a frame", async () => {
  const widget = new Widget(await browser.newPage());
  await widget.page.setViewport({ width: 1100, height: 900 });
  await widget.page.goto(`${fake.url}/kader`);
  const frame = await widget.page.waitForFrame((found) => found.url().endsWith("/hoek"));
  await widget.settle(frame);
  await widget.open();
  assert.match(await widget.ask("welke schaal?"), /schaal 10/);
  await widget.close();
});

test("the bundle is at most 40 kB gzipped, and is what the bot serves", async (t) => {
  const file = await readFile(join(import.meta.dirname, "..", "..", "..", "bot", "channels", "web", "widget.js"));
  const size = gzipSync(file, { level: 9 }).length;
  t.diagnostic(`bundle: ${size} bytes gzipped, ${file.length} bytes`);
  assert.ok(size <= 40_000, `${size} bytes`);
  const served = await fetch(`${bot.url}/webhooks/web/widget.js`, { headers: { "Accept-Encoding": "gzip" } });
  assert.equal(served.headers.get("content-encoding"), "gzip");
  assert.ok(Buffer.from(await served.arrayBuffer()).equals(file));
});
