// Makes the pictures of docs/schermen/ with the real bot and Debian's chromium. They are looked at before they are committed.
//   node scripts/screenshots.mjs            starts a bot of its own
//   BOT_URL=... node scripts/screenshots.mjs   uses one that runs with LOOPBAAN_OORSPRONGEN=http://intranet.test
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { startSite, theBot } from "../tests/browser/servers.mjs";
import { LISTED, Widget, launch } from "../tests/browser/widget.mjs";

const OUT = join(import.meta.dirname, "..", "..", "docs", "schermen");
const COMPARE = "Vergelijk adviseur met regisseur/adviseur";
const QUESTION = "Welke schaal heeft een adviseur?";

/** Name, size and media, and what is done before the picture is taken. */
const SCREENS = [
  ["dicht", {}, async () => undefined],
  ["open", {}, (widget) => widget.open()],
  ["vergelijking", {}, async (widget) => {
    await widget.open();
    await widget.ask(COMPARE);
    await widget.see((root) => root.querySelector(".picture").scrollIntoView({ block: "end" }));
  }],
  ["pad", {}, async (widget) => {
    await widget.open();
    await widget.ask("Wat is een volgende stap na adviseur?");
    await widget.see((root) => root.querySelector(".picture").scrollIntoView({ block: "center" }));
  }],
  ["fout", {}, async (widget) => {
    await widget.open();
    await widget.ask(QUESTION);
    await widget.page.setRequestInterception(true);
    widget.page.on("request", (request) => request.abort());
    await widget.send("Welke opleiding heb ik nodig?");
    await widget.reads(".alarm", /niet te bereiken/);
  }],
  ["mobiel", { width: 390, height: 780 }, async (widget) => {
    await widget.open();
    await widget.ask(QUESTION);
  }],
  ["donker", { media: { "prefers-color-scheme": "dark" } }, async (widget) => {
    await widget.open();
    await widget.ask("Welke competenties heeft een adviseur nodig?");
    await widget.see((root) => root.querySelector(".picture").scrollIntoView({ block: "end" }));
  }],
];

const bot = await theBot();
const site = await startSite(bot.url);
const browser = await launch({ [LISTED]: site.url });
try {
  await mkdir(OUT, { recursive: true });
  for (const [name, view, reach] of SCREENS) {
    const widget = await Widget.on(browser, `${LISTED}/uiterlijk`, { width: 1000, height: 780, ...view });
    await reach(widget);
    await widget.page.mouse.move(5, 5);
    await new Promise((done) => setTimeout(done, 400));
    await widget.page.screenshot({ path: join(OUT, `${name}.png`) });
    console.log(`docs/schermen/${name}.png`);
    await widget.close();
  }
} finally {
  await browser.close();
  site.stop();
  await bot.kill();
}
