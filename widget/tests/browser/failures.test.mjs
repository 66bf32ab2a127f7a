// When something goes wrong: plain Dutch, nothing lost, and on by itself. And deleting really deletes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start } from "../fake-server.mjs";
import { startBot, startSite } from "./servers.mjs";
import { LISTED, Widget, launch } from "./widget.mjs";

let fake, browser;
before(async () => {
  fake = await start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  fake?.server.close();
  fake?.server.closeAllConnections();
});

const open = async () => (await Widget.on(browser, `${fake.url}/hoek`)).open();

/** What is typed to have the fake server misbehave once, and what must be read then. It goes on by itself. */
const BY_ITSELF = {
  druk: /Je stelt veel vragen achter elkaar\. Je vraag is bewaard\..*over 3 seconden opnieuw/,
  start: /start nog op\. Je vraag is bewaard\..*over 2 seconden opnieuw/,
  breekt: /De verbinding brak af\. Je vraag is bewaard\./,
};
for (const [word, pattern] of Object.entries(BY_ITSELF)) {
  test(`"${word}": it says what is wrong, keeps what is typed and goes on by itself`, async () => {
    const widget = await open();
    await widget.send(`${word}: welke schaal?`);
    await widget.page.keyboard.type("alvast iets anders");
    await widget.reads(".alarm", pattern);
    assert.match(await widget.reply(1), /schaal 10/);
    assert.equal((await widget.text(".reply .text")).match(/zit in schaal 10/g).length, 1, "no line twice");
    assert.equal(await widget.text(".alarm"), "");
    assert.equal(await widget.see((root) => root.querySelector("#field").value), "alvast iets anders");
    assert.equal(new Set(fake.seen.messages.filter(({ text }) => text.startsWith(word)).map(({ id }) => id)).size, 1, "the same message again, not a second one");
    assert.deepEqual(widget.trouble, []);
    await widget.close();
  });
}

/** Likewise, but here the person decides. */
const BY_HAND = {
  storing: /Er ging iets mis bij de assistent\. Je vraag is bewaard\. Meld je dit\? Noem dan nummer a1b2c3d4\./,
  laat: /Er ging iets mis.*nummer e5f6a7b8/,
  leeg: /De assistent gaf geen antwoord/,
};
for (const [word, pattern] of Object.entries(BY_HAND)) {
  test(`"${word}": it says what is wrong and gives the question back on request`, async () => {
    const widget = await open();
    await widget.send(`${word}: welke schaal?`);
    await widget.reads(".alarm", pattern);
    await widget.press("Zet mijn vraag terug");
    assert.equal(await widget.see((root) => root.querySelector("#field").value), `${word}: welke schaal?`);
    assert.equal((await widget.focus()).name, "field");
    assert.deepEqual(await widget.talk(), []);
    await widget.close();
  });
}

test("after a failure the person can try again", async () => {
  const widget = await open();
  await widget.send("storing: welke schaal?");
  await widget.reads(".alarm", /Er ging iets mis/);
  await widget.press("Probeer opnieuw");
  assert.match(await widget.reply(1), /schaal 10/);
  await widget.close();
});

test("an expired session is renewed, and that is said", async () => {
  const widget = await open();
  assert.match(await widget.ask("verlopen: welke schaal?"), /Je sessie was verlopen.*schaal 10/s);
  await widget.close();
});

test("a slow server: a word after five seconds, and a second question waits its turn", async () => {
  const widget = await open();
  const sent = performance.now();
  await widget.send("traag: welke schaal?");
  await widget.reads(".status", /zoekt het op/);
  await widget.reads(".status", /Dit duurt wat langer dan gewoonlijk/);
  const waited = performance.now() - sent;
  assert.ok(waited > 4_500 && waited < 6_500, `${waited} ms`);
  await widget.send("vergelijk");
  await widget.reads(".status", /Eerst komt het vorige antwoord/);
  await widget.reply(2);
  const talk = await widget.talk();
  assert.match(talk[1], /Je vroeg: traag/);
  assert.match(talk[3], /Vergelijking van 3 functies/);
  await widget.close();
});

test("too long: it counts, does not send, and keeps the text", async () => {
  const widget = await open();
  const before = fake.seen.messages.length;
  const text = "a".repeat(501);
  await widget.see((root, value) => (root.querySelector("#field").value = value), text.slice(1));
  await widget.page.keyboard.type("a");
  assert.equal(await widget.text(".counter"), "1 teken te veel");
  await widget.key("Enter");
  await widget.reads(".status", /Je vraag is te lang: 1 teken te veel\. Maak hem korter\./);
  assert.equal(await widget.see((root) => root.querySelector("#field").value), text);
  assert.equal(fake.seen.messages.length, before);
  await widget.key("Backspace");
  await widget.key("Enter");
  await widget.reply(1);
  await widget.close();
});

test("the server is killed and started again in mid-conversation", { timeout: 240_000 }, async (t) => {
  let bot = await startBot();
  const site = await startSite(bot.url);
  const own = await launch({ [LISTED]: site.url });
  t.after(async () => {
    await own.close();
    site.stop();
    await bot.kill();
  });
  const widget = await (await Widget.on(own, `${LISTED}/`)).open();
  assert.match(await widget.ask("welke schaal heeft een adviseur?"), /schaal 10/);

  // It dies while it holds the question.
  bot.child.kill("SIGSTOP");
  await widget.send("welke opleiding vraagt een ondersteuner?");
  await widget.reads(".status", /zoekt het op/);
  await bot.kill();
  await widget.reads(".alarm", /De assistent is even niet te bereiken\. Je vraag is bewaard\./);
  await widget.page.keyboard.type("nog niet verstuurd");
  await widget.send(""); // what is in the field goes along: it waits behind the first
  await widget.page.keyboard.type("half");
  // A reload in this state loses nothing either. The script itself is gone with the server, so the tab is only read.
  assert.deepEqual((await widget.kept()).turns.map(({ question, state }) => [question, state]).slice(1), [["welke opleiding vraagt een ondersteuner?", "waiting"], ["nog niet verstuurd", "waiting"]]);

  bot = await startBot({ port: bot.port });
  await widget.until((root) => root.querySelectorAll(".actions:has([aria-pressed])").length === 3);
  const [, first, , second, , third] = await widget.talk();
  assert.match(first, /schaal 10/);
  assert.match(second, /mbo/);
  assert.match(second, /Je sessie was verlopen/, "the new server does not know the old session");
  assert.doesNotMatch(third, /Je sessie was verlopen/);
  assert.equal(await widget.text(".alarm"), "");
  assert.equal(await widget.see((root) => root.querySelector("#field").value), "half");
  await widget.see((root) => root.querySelector("#field").select());
  assert.match(await widget.ask("en de schaal van een beheerder?"), /schaal/);

  // A button from before the restart was signed by the server that is gone: it says so, and what it asked is in the field.
  await widget.see((root) => root.querySelector(".follow button").click());
  await widget.reads(".alarm", /Deze knop werkt niet meer\. Typ je vraag\./);
  assert.equal(await widget.see((root) => root.querySelector("#field").value), "Opleiding");
  assert.deepEqual(widget.trouble, []);
});

test("'verwijder mijn gesprek' deletes on the server", { timeout: 240_000 }, async (t) => {
  const bot = await startBot({ module: ["tests.e2e.watched_bot"] });
  const site = await startSite(bot.url);
  const own = await launch({ [LISTED]: site.url });
  t.after(async () => {
    await own.close();
    site.stop();
    await bot.kill();
  });
  const memory = async () => (await fetch(`${bot.url}/proef/geheugen`)).json();
  const said = async () => Object.values((await memory()).gesprekken).flat();
  const api = (path, token, init = {}) => fetch(`${bot.url}/webhooks/web/${path}`, { ...init, headers: { Authorization: `Bearer ${token}` } });

  // Somebody else's conversation stays.
  const other = await (await Widget.on(own, `${LISTED}/`)).open();
  await other.ask("welke functies zitten in schaal 5?");
  const widget = await (await Widget.on(own, `${LISTED}/`)).open();
  await widget.ask("ik ben nu zweminstructeur");
  await widget.ask("welke schaal heb ik?");
  await widget.press("Geen goed antwoord");
  await widget.until((root) => root.querySelector(".verdict"));
  await widget.see((root) => root.querySelector(".verdict input[type=text]").focus());
  await widget.page.keyboard.type("dit klopt niet");
  await widget.click(".verdict .check");
  await widget.press("Verstuur toelichting");
  await widget.reads(".status", /je oordeel is verstuurd/);

  const { sessie } = (await widget.kept()).token;
  assert.deepEqual((await said()).sort(), ["ik ben nu zweminstructeur", "welke functies zitten in schaal 5?", "welke schaal heb ik?"]);
  const [before] = (await memory()).oordelen;
  assert.deepEqual([before.goed, before.woord, before.vraag], [0, "dit klopt niet", "welke schaal heb ik?"]);
  const again = JSON.stringify({ id: "nog-een-keer", tekst: "weet je nog wie ik ben?" });

  await widget.press("Meer mogelijkheden");
  await widget.press("Verwijder mijn gesprek");
  assert.equal((await widget.focus()).name, "Nee, ga terug", "the safe answer has the focus");
  await widget.press("Nee, ga terug");
  assert.equal((await said()).length, 3, "not before it is sure");
  await widget.press("Meer mogelijkheden");
  await widget.press("Verwijder mijn gesprek");
  await widget.press("Ja, verwijder");
  await widget.reads(".status", /Je gesprek is verwijderd, ook op de server/);

  assert.deepEqual(await said(), ["welke functies zitten in schaal 5?"]);
  const [verdict] = (await memory()).oordelen;
  assert.deepEqual([verdict.goed, verdict.woord, verdict.vraag, verdict.antwoord], [0, null, null, null]);
  assert.deepEqual(await widget.talk(), []);
  assert.equal((await widget.kept()).token, null);
  assert.doesNotMatch(await widget.page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage })), /zweminstructeur/);
  const refused = await api("bericht", sessie, { method: "POST", body: again });
  assert.equal(refused.status, 401);
  assert.equal((await refused.json()).code, "sessie");

  // What follows is a new conversation that knows nothing of the old one.
  assert.doesNotMatch(await widget.ask("wat weet je van mij?"), /zweminstructeur/i);
  await other.page.reload();
  await other.settle();
  assert.equal((await other.talk()).length, 2);
});
