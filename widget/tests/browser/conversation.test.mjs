// Conversations with the real bot, on another site's page.
import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startSite, theBot } from "./servers.mjs";
import { LISTED, Widget, launch } from "./widget.mjs";

let bot, site, browser;
before(async () => {
  bot = await theBot();
  site = await startSite(bot.url);
  browser = await launch({ [LISTED]: site.url });
});
after(async () => {
  await browser?.close();
  site?.stop();
  await bot?.kill();
});

test("ten turns by keyboard alone", async (t) => {
  const widget = await Widget.on(browser, `${LISTED}/`);
  const { keyboard } = widget.page;
  // The page's own links come first; what has the widget's focus can always be seen.
  await widget.tabTo("Werk", { most: 1 });
  await widget.tabTo("Stel een loopbaanvraag", { most: 3 });
  const clicked = performance.now();
  await widget.key("Enter");
  await widget.until((root) => root.activeElement?.id === "field");

  let turn = 0;
  const answer = async (pattern) => {
    const text = await widget.reply(++turn);
    assert.match(text, pattern, `turn ${turn}`);
    return text;
  };
  const ask = async (question, pattern) => {
    assert.equal((await widget.focus()).name, "field", "the focus stays in the field");
    await keyboard.type(question);
    await widget.key("Enter");
    const text = await answer(pattern);
    assert.equal(await widget.see((root) => root.querySelector("#field").value), "");
    return text;
  };

  const first = await ask("welke schaal heeft een adviseur?", /schaal 10/);
  t.diagnostic(`click to first answer: ${Math.round(performance.now() - clicked)} ms (typing included)`);
  assert.match(first, /Bronnen \(1\)/);

  // Sources, folded under the answer.
  await widget.tabTo(/^Bronnen/, { back: true });
  assert.doesNotMatch(await widget.text(".reply .sources"), /Functieboek/);
  await widget.key("Enter");
  assert.match(await widget.text(".reply .sources"), /Functieboek Ommen.*april 2018/s);

  // A follow-up button.
  await widget.tabTo("Opleiding");
  await widget.key("Enter");
  await answer(/minimaal hbo/);

  // A thumb, with a word.
  await widget.tabTo("Goed antwoord");
  await widget.key("Enter");
  await widget.reads(".status", /Bedankt/);
  assert.equal((await widget.focus()).name, "Goed antwoord", "the focus stays on the thumb");
  await widget.tabTo(/^word-/, { most: 3 });
  await keyboard.type("helder");
  await widget.key("Enter");
  await widget.reads(".status", /je oordeel is verstuurd/);
  assert.equal((await widget.focus()).name, "Goed antwoord", "the focus returns to the thumb");
  await widget.tabTo("field");

  await ask("vergelijk adviseur met regisseur/adviseur", /Vergelijking van 2 functies/);
  await ask("wat is een volgende stap na adviseur?", /Stappen vanaf/);

  // A picture's table.
  await widget.tabTo("Toon als tabel", { back: true });
  await widget.key("Space");
  assert.match(await widget.text(".turns > li:last-child .picture table"), /Regisseur\/adviseur\s+11\s+Een stap omhoog/);
  await widget.tabTo("field");

  await ask("welke competenties heeft een adviseur nodig?", /Analytisch vermogen/);

  // A suggestion is chosen with the arrows and only sent with a second Enter.
  await keyboard.type("opleiding ondersteuner");
  await widget.until((root) => root.querySelectorAll("[role=option]").length > 0);
  await widget.key("ArrowDown");
  const chosen = await widget.text("[aria-selected=true]");
  assert.equal(await widget.see((root) => root.querySelector("#field").getAttribute("aria-activedescendant")), "option-0");
  await widget.key("Enter");
  assert.equal(await widget.see((root) => root.querySelector("#field").value), chosen);
  await widget.key("Enter");
  await answer(/ondersteuner/i);

  // The first Escape closes the suggestions, not the panel.
  await keyboard.type("welke functies zitten in");
  await widget.until((root) => root.querySelectorAll("[role=option]").length > 0);
  await widget.key("Escape");
  assert.equal(await widget.text("#options"), "");
  await keyboard.type(" schaal 11?");
  await widget.key("Enter");
  await answer(/regisseur\/adviseur/i);

  // The menu: Escape closes it and gives the focus back.
  await widget.tabTo("Meer mogelijkheden", { back: true });
  await widget.key("Enter");
  assert.equal((await widget.focus()).name, "Opnieuw beginnen");
  await widget.key("Escape");
  assert.equal((await widget.focus()).name, "Meer mogelijkheden");
  await widget.tabTo("field");

  await ask("wat is het weer morgen?", /niet mee helpen/);
  await ask("wat betekent omgevingsbewustzijn?", /politieke en maatschappelijke/);

  // Escape closes the panel, and the corner button has the focus; nothing is lost.
  await widget.key("Escape");
  assert.equal((await widget.focus()).name, "Stel een loopbaanvraag");
  assert.equal(await widget.see((root) => root.querySelector(".panel").checkVisibility()), false);
  await widget.key("Enter");
  await ask("bedankt", /Graag gedaan/);
  assert.equal(turn, 10);
  assert.equal((await widget.talk()).length, 20);
  assert.deepEqual(widget.trouble, []);
  await widget.close();
});

test("several messages of one reply stand in order, and a screen reader can follow", async () => {
  const widget = await (await Widget.on(browser, `${LISTED}/`)).open();
  const reply = await widget.ask("welke schaal heeft een adviseur?");
  // The first answer of a conversation comes with a second message: that this is a computer.
  assert.ok(reply.indexOf("schaal 10") < reply.indexOf("computerprogramma"), reply);
  assert.ok(reply.indexOf("schaal 10") >= 0);
  const seen = await widget.see((root) => ({
    log: root.querySelector('[role="log"]').contains(root.querySelector(".reply")),
    status: root.querySelector('[role="log"]').contains(root.querySelector('[role="status"]')),
    lang: root.querySelector(".reply").closest("[lang]").lang,
    label: root.querySelector("#field").labels[0].textContent,
    times: [...root.querySelectorAll(".turns > li time")].map((time) => Date.now() - new Date(time.dateTime)),
  }));
  assert.deepEqual({ ...seen, times: seen.times.length }, { log: true, status: false, lang: "nl", label: "Je vraag", times: 2 });
  assert.ok(seen.times.every((age) => age >= 0 && age < 60_000), seen.times);
  await widget.close();
});

test("a reload restores the conversation, and the server still knows it", async () => {
  const widget = await (await Widget.on(browser, `${LISTED}/`)).open();
  await widget.ask("welke schaal heeft een adviseur?");
  await widget.ask("vergelijk adviseur met regisseur/adviseur");
  await widget.page.keyboard.type("half getypt");
  const before = await widget.talk();
  await widget.page.reload();
  await widget.settle();
  assert.deepEqual(await widget.talk(), before);
  assert.equal(await widget.see((root) => root.querySelector(".panel").checkVisibility()), true, "it is open again");
  assert.equal(await widget.see((root) => root.querySelector("#field").value), "half getypt");
  await widget.see((root) => root.querySelector("#field").select());
  assert.match(await widget.ask("wat doet de eerste?"), /adviseur/i);
  // A button from before the reload still works.
  await widget.press("Competenties regisseur/adviseur");
  assert.match(await widget.reply(4), /Een regisseur\/adviseur heeft/i);
  // Another tab is another conversation.
  const other = await (await Widget.on(browser, `${LISTED}/`)).open();
  assert.deepEqual(await other.talk(), []);
  await other.close();
  await widget.close();
});

test("the personal overview can be kept as a page and as text", async () => {
  const widget = await (await Widget.on(browser, `${LISTED}/`)).open();
  const folder = await mkdtemp(join(tmpdir(), "overzicht-"));
  const session = await widget.page.createCDPSession();
  await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: folder });
  await widget.ask("ik wil een loopbaangesprek");
  for (const told of ["beheerder", "hbo", "netwerken", "hogerop"]) await widget.ask(told);
  const kept = async (label, ending) => {
    await widget.press(label);
    for (let tries = 0; tries < 100; tries++) {
      const name = (await readdir(folder)).find((file) => file.endsWith(ending));
      if (name) return readFile(join(folder, name), "utf8");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no file ${ending}; the widget shows:\n${await widget.text(".panel")}`);
  };
  const page = await kept("Bewaar als webpagina", ".html");
  assert.match(page, /^<!doctype html>[^]*<html lang="nl">[^]*senior beheerder/i);
  assert.match(await kept("Bewaar als tekst", ".txt"), /senior beheerder/i);
  assert.deepEqual(widget.trouble, []);
  await rm(folder, { recursive: true });
  await widget.close();
});

test("from a click on the corner button to the first answer", async (t) => {
  const widget = await Widget.on(browser, `${LISTED}/`);
  const clicked = performance.now();
  await widget.open();
  const ready = performance.now();
  await widget.click(".welcome .choices button");
  await widget.until((root) => root.querySelector(".reply .text")?.textContent);
  const first = performance.now();
  t.diagnostic(`click to open with examples: ${Math.round(ready - clicked)} ms; click to first answer (by an example): ${Math.round(first - clicked)} ms`);
  await widget.close();
});
