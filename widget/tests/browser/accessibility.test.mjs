// The widget for everybody: axe with the rules of WCAG 2.2 A and AA, room to press, reflow, and a page that stays still.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { start } from "../fake-server.mjs";
import { startSite, theBot } from "./servers.mjs";
import { LISTED, Widget, launch } from "./widget.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

let fake, bot, site, browser;
before(async () => {
  fake = await start();
  bot = await theBot();
  site = await startSite(bot.url);
  browser = await launch({ [LISTED]: site.url });
});
after(async () => {
  await browser?.close();
  fake?.server.close();
  fake?.server.closeAllConnections();
  site?.stop();
  await bot?.kill();
});

/** What axe finds on the whole page: its violations, the rules it could not decide on, and how many passed. */
async function axe({ page }) {
  await page.evaluate(AXE);
  return page.evaluate(async (tags) => {
    const rules = { "target-size": { enabled: true } }; // off unless asked for
    const found = await window.axe.run(document, { runOnly: { type: "tag", values: tags }, rules });
    const brief = (results) => results.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.flat().at(-1)} ${node.failureSummary ?? ""}`).join("; ")}`);
    return { violations: brief(found.violations), undecided: found.incomplete.map(({ id }) => id), passes: found.passes.length };
  }, TAGS);
}

/** What is smaller than 44 by 44 pixels among what can be pressed; links in a sentence may be, says WCAG. */
const small = (root) =>
  [...root.querySelectorAll("button, summary, input:not([type=checkbox]), .check, [role=option]")]
    .filter((target) => target.checkVisibility())
    .map((target) => ({ name: target.textContent || target.id, box: target.getBoundingClientRect() }))
    .filter(({ box }) => box.width < 43.9 || box.height < 43.9)
    .map(({ name, box }) => `${name} (${box.width} x ${box.height})`);

/** What sticks out at the sides; only a table may scroll by itself. */
const wide = (root) => {
  const inside = (element) => !element.closest(".wide > *") && !element.closest(".unseen, svg *") && element.checkVisibility();
  const boxes = [document.documentElement, ...root.querySelectorAll(".panel, .scroller")].filter((box) => box.scrollWidth > box.clientWidth + 1);
  const out = [...root.querySelectorAll(".panel *, .launcher")].filter(inside).filter((element) => {
    const { left, right } = element.getBoundingClientRect();
    return left < -0.5 || right > innerWidth + 0.5;
  });
  return [...boxes, ...out].map((element) => `${element.localName}.${element.getAttribute("class")} ${element.textContent.slice(0, 30)}`);
};

/** Every state of the widget, one after the other. */
const STATES = {
  closed: async () => undefined,
  open: (widget) => widget.open(),
  menu: (widget) => widget.press("Meer mogelijkheden"),
  "with suggestions": async (widget) => {
    await widget.press("Meer mogelijkheden");
    await widget.see((root) => root.querySelector("#field").focus());
    await widget.page.keyboard.type("welke schaal");
    await widget.until((root) => root.querySelector("[role=option]"));
    await widget.key("ArrowDown");
  },
  "with buttons": async (widget) => {
    await widget.key("Enter");
    await widget.key("Enter");
    await widget.reply(1);
    await widget.click(".reply .sources summary");
  },
  "with a verdict": async (widget) => {
    await widget.press("Geen goed antwoord");
    await widget.until((root) => root.querySelector(".verdict"));
  },
  "with a table": (widget) => widget.ask("vergelijk"),
  "with a path": async (widget) => {
    await widget.ask("volgende stap");
    await widget.click(".turns > li:last-child .picture summary");
  },
  "with a profile": (widget) => widget.ask("competenties"),
  "with a gap": (widget) => widget.ask("wat mis ik"),
  "with figures": async (widget) => {
    await widget.ask("cijfers");
    await widget.click(".turns > li:last-child .picture summary");
  },
  "with an overview": (widget) => widget.ask("overzicht"),
  "in error": async (widget) => {
    await widget.send("kapot");
    await widget.reads(".alarm", /Er ging iets mis/);
  },
  "not answered": async (widget) => {
    await widget.ask("vraag maar");
    await widget.reads(".note:not(:empty)", /niet beantwoord/);
  },
  "too long": async (widget) => {
    await widget.see((root) => (root.querySelector("#field").value = "a".repeat(505)));
    await widget.page.keyboard.type("b");
    await widget.key("Enter");
    await widget.reads(".counter", /6 tekens te veel/);
  },
  "before deleting": async (widget) => {
    await widget.press("Meer mogelijkheden");
    await widget.press("Verwijder mijn gesprek");
  },
  waiting: async (widget) => {
    await widget.press("Nee, ga terug");
    await widget.see((root) => root.querySelector("#field").select());
    await widget.send("traag");
    await widget.until((root) => root.querySelector(".typing").checkVisibility());
  },
};

const VARIATIONS = [
  { thema: "neutraal" },
  { thema: "neutraal", media: { "prefers-color-scheme": "dark" } },
  { thema: "neutraal", media: { "forced-colors": "active" } },
  { thema: "neutraal", width: 320, height: 568 },
  { thema: "neutraal", width: 320, height: 256, note: ", as 1280 by 1024 at 400%" },
  { thema: "neutraal", fontSize: "200%" },
  { thema: "gemeente" },
  { thema: "gemeente", media: { "prefers-color-scheme": "dark" } },
  { thema: "gemeente", media: { "forced-colors": "active", "prefers-color-scheme": "dark" } },
  { thema: "gemeente", width: 320, height: 568, media: { "prefers-color-scheme": "dark" } },
];

for (const { thema, media, fontSize, note = "", ...size } of VARIATIONS) {
  const name = [thema, ...Object.values(media ?? {}), size.width && `${size.width} x ${size.height} px`, fontSize && `text ${fontSize}`].filter(Boolean).join(", ");
  test(`${name}${note}: axe finds nothing, all can be pressed, nothing sticks out`, async (t) => {
    const widget = await Widget.on(browser, `${fake.url}/hoek?thema=${thema}`, { media, ...size });
    // The page around it has a style that no widget can mend; it is only there to be in the way.
    if (fontSize) await widget.page.evaluate((value) => (document.documentElement.style.fontSize = value), fontSize);
    const faults = [];
    const undecided = new Set();
    let [passes, violations] = [0, 0];
    for (const [state, reach] of Object.entries(STATES)) {
      await reach(widget);
      const found = await axe(widget);
      assert.ok(found.passes >= 5, `axe hardly looked: ${found.passes} rules passed`);
      passes += found.passes;
      violations += found.violations.length;
      for (const rule of found.undecided) undecided.add(rule);
      for (const fault of found.violations) faults.push(`${state}: ${fault}`);
      for (const fault of await widget.see(small)) faults.push(`${state}: too small: ${fault}`);
      for (const fault of await widget.see(wide)) faults.push(`${state}: sticks out: ${fault}`);
    }
    t.diagnostic(`axe, ${name}: ${violations} violations in ${Object.keys(STATES).length} states, ${passes} times a rule passed`);
    // Contrast in drawings and of what is scrolled out of sight is beyond axe; anything else must be decided.
    assert.deepEqual([...undecided].filter((rule) => rule !== "color-contrast"), []);
    assert.deepEqual(faults, []);
    assert.deepEqual(widget.trouble, []);
    await widget.close();
  });
}

test("axe, the measure and the reflow check see what is wrong in the widget", async () => {
  const widget = await (await Widget.on(browser, `${fake.url}/hoek`)).open();
  await widget.see((root) => {
    const bad = document.createElement("button");
    bad.style.cssText = "position: fixed; inset: 0 auto auto -30px; inline-size: 20px; block-size: 20px";
    const pale = document.createElement("p");
    pale.textContent = "Nauwelijks te lezen";
    pale.style.color = "#eee";
    root.querySelector(".welcome").prepend(bad, pale);
  });
  const rules = (await axe(widget)).violations.map((fault) => fault.split(":")[0]);
  assert.deepEqual(["button-name", "color-contrast"].filter((rule) => !rules.includes(rule)), []);
  assert.equal((await widget.see(small)).length, 1);
  assert.notEqual((await widget.see(wide)).length, 0);
  await widget.close();
});

test("the bot's start page and its own pictures: axe finds nothing", async (t) => {
  for (const media of [{}, { "prefers-color-scheme": "dark" }]) {
    const widget = await Widget.on(browser, `${bot.url}/`, { media });
    await widget.until((root) => root.querySelector("#examples"));
    for (const question of [null, "vergelijk adviseur met regisseur/adviseur", "wat is een volgende stap na adviseur?", "welke uitdagingen noemen ambtenaren?"]) {
      if (question) await widget.ask(question);
      const { violations, undecided, passes } = await axe(widget);
      t.diagnostic(`axe, start page${question ? `, ${question}` : ""}: ${violations.length} violations, ${passes} rules passed, undecided: ${undecided.join(", ") || "none"}`);
      assert.deepEqual(violations, []);
    }
    assert.equal(await widget.see((root) => root.querySelectorAll(".picture").length), 3);
    await widget.close();
  }
});

test("on a small screen the panel keeps the focus until Escape", async () => {
  const widget = await Widget.on(browser, `${LISTED}/`, { width: 320, height: 568 });
  await widget.tabTo("Stel een loopbaanvraag", { most: 5 });
  await widget.key("Enter");
  assert.equal((await widget.focus()).name, "heading");
  await widget.until((root) => root.querySelector("#examples"));
  for (let at = 0; at < 30; at++) {
    await widget.key("Tab");
    assert.doesNotMatch((await widget.focus()).name, /^(Werk|Hulp)$/);
  }
  await widget.key("Escape");
  assert.equal((await widget.focus()).name, "Stel een loopbaanvraag");
  await widget.close();
});

test("nothing moves for who asked for less motion", async () => {
  const moving = (root) => [...root.querySelectorAll("*")].filter((element) => getComputedStyle(element).animationName !== "none").length;
  for (const [wish, moves] of [["reduce", false], ["no-preference", true]]) {
    const widget = await (await Widget.on(browser, `${fake.url}/hoek`, { media: { "prefers-reduced-motion": wish } })).open();
    await widget.send("traag");
    await widget.until((root) => root.querySelector(".typing").checkVisibility());
    assert.equal((await widget.see(moving)) > 0, moves, wish);
    await widget.close();
  }
});

test("the page around it does not move", async () => {
  const places = () =>
    [...document.querySelectorAll("body, body *:not(loopbaan-assistent, script)")].map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return [element.localName, x, y, width, height].join(" ");
    });
  // As the page is without the widget.
  const bare = await browser.newPage();
  await bare.setViewport({ width: 1100, height: 800 });
  await bare.setJavaScriptEnabled(false);
  await bare.goto(`${LISTED}/`);
  const expected = await bare.evaluate(places);
  assert.ok(expected.length > 8);
  await bare.close();

  const widget = await Widget.on(browser, `${LISTED}/`, {
    prepare: (page) =>
      page.evaluateOnNewDocument(() => {
        window.shifts = [];
        new PerformanceObserver((list) => {
          for (const { value, hadRecentInput, sources } of list.getEntries()) {
            // Nodes inside the widget are not named here. What moves in it right after a press does not count, says the measure.
            const page = sources.some(({ node }) => node);
            if (page || !hadRecentInput) window.shifts.push({ value, page });
          }
        }).observe({ type: "layout-shift", buffered: true });
      }),
  });
  const shifts = () => widget.page.evaluate(() => new Promise((done) => setTimeout(() => done(window.shifts), 200)));
  assert.deepEqual(await widget.page.evaluate(places), expected, "closed");
  await widget.open();
  await widget.ask("vergelijk adviseur met regisseur/adviseur");
  await widget.press("Goed antwoord");
  await widget.reads(".status", /Bedankt/);
  assert.deepEqual(await widget.page.evaluate(places), expected, "in use");
  assert.equal(await widget.page.evaluate(() => scrollY), 0);
  await widget.press("Sluit het gesprek");
  assert.deepEqual(await widget.page.evaluate(places), expected, "closed again");
  assert.deepEqual(await shifts(), []);
  // The observer does see a shift when there is one.
  await widget.page.evaluate(() => (document.querySelector("h1").style.marginTop = "300px"));
  assert.deepEqual((await shifts()).map(({ page }) => page), [true]);
  await widget.close();
});
