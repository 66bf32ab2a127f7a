// A small server that speaks the widget's interface with canned answers, for development and for browser tests.
//   node tests/fake-server.mjs [port]      http://127.0.0.1:5210/
// Pages: / (the widget in the page), /hoek (the script tag on a busy page), /kader (that page in a frame); with
// ?thema=, ?kleur= or ?plaats= these are handed to the widget. All come with the strict policy the widget must work under.
// What is typed decides what comes back: see ANSWERS and TROUBLE.
import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const BUNDLE = join(HERE, "..", "..", "bot", "channels", "web", "widget.js");
const CSP = "default-src 'none'; script-src 'self'; connect-src 'self'; frame-src 'self'; img-src 'none'; style-src 'sha256-";

const BOOK = { id: "functieboek-ommen", title: "Functieboek Ommen (HR21)", section: "Competentieprofiel Adviseur III", date: "2018-04" };
const SURVEY = { id: "onderzoek-vakmanschap", title: "Onderzoek Ambtelijk vakmanschap", section: "Andere sleutelvaardigheden", date: null };
const PAY = { id: "salaris", title: "Salaristabel gemeenteambtenaren", section: "Bijlage IIa", date: "2020-07-01" };

const asked = (pairs) => pairs.map(([naam, niveau]) => ({ id: naam.toLowerCase().replaceAll(" ", "-"), naam, niveau }));
const ADVISEUR = asked([["Analytisch vermogen", "B"], ["Omgevingsbewustzijn", "B"], ["Overtuigingskracht", "C"], ["Visie", "C"], ["Netwerken", "B"]]);
const SENIOR = asked([["Analytisch vermogen", "A"], ["Omgevingsbewustzijn", "B"], ["Overtuigingskracht", "B"], ["Visie", "B"], ["Besluitvaardigheid", "B"]]);
const PAGE = {
  titel: "Mijn loopbaanoverzicht",
  html: '<!doctype html><html lang="nl"><head><title>Mijn loopbaanoverzicht</title><style>h1{color:#123}</style></head><body><main><h1>Mijn loopbaanoverzicht</h1><section><h2>Over mij</h2><ul><li>Ik ben nu adviseur.</li></ul></section><section><h2>1. Hogerop: regisseur/adviseur</h2><p>Visie moet omhoog, van C naar B.</p></section></main><footer>Gemaakt door een computer.</footer></body></html>',
  tekst: "Mijn loopbaanoverzicht\n======================\n\nOver mij\n- Ik ben nu adviseur.\n",
};

const answer = (kind, data = {}, sources = [BOOK], outcome = "answered") => ({ custom: { answer: { outcome, kind, sources, data } } });
const buttons = (...titles) => titles.map((title) => ({ title, payload: Buffer.from(title).toString("base64url") }));

/** The first whose pattern fits gives the lines. */
export const ANSWERS = [
  [/vergelijk/i, () => [
    { text: "**Regisseur/adviseur** (schaal 11) staat hoger dan **adviseur** (schaal 10).\n- Hoger niveau bij regisseur/adviseur: visie (van C naar B)\n- Alleen bij adviseur: netwerken (B)\nOpleiding: allebei minimaal hbo.\n\n_Let op: Het functieboek is een plan uit 2018._", buttons: buttons("Wat doet een adviseur?", "Competenties regisseur/adviseur") },
    answer("functie.vergelijking", { vergelijking: [
      { id: "adviseur", naam: "Adviseur", schaal: "10", opleiding: "hbo", competenties: ADVISEUR },
      { id: "regisseur", naam: "Regisseur/adviseur", schaal: "11", opleiding: "hbo, het liefst post-hbo of wo", competenties: SENIOR },
      { id: "strategisch", naam: "Strategisch beleidsadviseur", schaal: "12", opleiding: "wo", competenties: SENIOR.slice(1) },
    ] }),
  ]],
  [/stap|pad/i, () => [
    { text: "Een logische stap na **adviseur** (schaal 10) is **regisseur/adviseur** (schaal 11).", buttons: buttons("Vergelijk met regisseur/adviseur") },
    answer("advies.volgende_stap", { van: { id: "adviseur", naam: "Adviseur", schaal: "10" }, pad: [
      { id: "a", naam: "Regisseur/adviseur", schaal: "11", richting: "omhoog" },
      { id: "b", naam: "Strategisch beleidsadviseur informatievoorziening", schaal: "12", richting: "omhoog" },
      { id: "c", naam: "Senior beheerder accommodaties", schaal: "10", richting: "opzij" },
    ] }),
  ]],
  [/competenties|profiel/i, () => [
    { text: "Een **adviseur** heeft vijf competenties nodig:\n- **Analytisch vermogen**: niveau B\n- **Visie**: niveau C\nNiveau A is het hoogst en D het laagst." },
    answer("functie.competenties", { profielen: [
      { functie: { id: "adviseur", naam: "Adviseur" }, competenties: ADVISEUR },
      { functie: { id: "regisseur", naam: "Regisseur/adviseur" }, competenties: SENIOR },
    ] }),
  ]],
  [/mis ik|kloof/i, () => [
    { text: "Voor **regisseur/adviseur** (schaal 11) moet vooral **visie** omhoog: van niveau C naar B." },
    answer("advies.kloof", { kloof: {
      van: { id: "adviseur", naam: "Adviseur", schaal: "10" }, naar: { id: "regisseur", naam: "Regisseur/adviseur", schaal: "11" },
      competenties: [
        { id: "visie", naam: "visie", van: "C", naar: "B", stand: "hoger" },
        { id: "analytisch", naam: "analytisch vermogen", van: "B", naar: "B", stand: "heb" },
        { id: "besluit", naam: "besluitvaardigheid", van: null, naar: "B", stand: "nieuw" },
      ] } }),
  ]],
  [/cijfers|onderzoek/i, () => [
    { text: "**Tegenspraak geven** heeft het hoogste percentage: 96 procent." },
    answer("onderzoek.competenties", { cijfers: [
      { waarde: 96, eenheid: "procent", over: "tegenspraak geven" }, { waarde: 95, eenheid: "procent", over: "verbinding met collega's" },
      { waarde: 94, eenheid: "procent", over: "beleid vertalen naar haalbare en uitvoerbare doelen" },
      { waarde: 83.5, eenheid: "procent", over: "onderhandelen" }, { waarde: 1204, eenheid: "respondenten", over: "deelnemers" },
    ] }, [SURVEY]),
  ]],
  [/overzicht/i, () => [
    { text: "Ik zie **één richting** voor je: hogerop als **regisseur/adviseur**.\n\n**1. Hogerop**\n- Waarom: je wilt groeien.", buttons: buttons("Vergelijk met regisseur/adviseur") },
    answer("advies.overzicht", { document: PAGE, richtingen: [] }, [BOOK, PAY]),
  ]],
  [/meer berichten/i, () => [{ text: "Eerst dit." }, { text: "En dan dit." }, { text: "En tot slot dit.", buttons: buttons("Ga door") }, answer("schaal.functies")]],
  [/hack|<|javascript:/i, (text) => [
    { text: `Je zei: ${text}\n\n<img src=x onerror="window.gehackt=1"><script>window.gehackt=1</script> [klik](javascript:window.gehackt=1) ![foto](https://elders.example/x.png) <a href="data:text/html,x">y</a>`, buttons: buttons('<img src=x onerror="window.gehackt=1">') },
    answer("gesprek.grens", {}, [], "out_of_scope"),
  ]],
  [/weer|voetbal/i, () => [{ text: "Dat weet ik niet. Ik beantwoord vragen over functies en schalen.", buttons: buttons("Wat kun je allemaal?") }, answer("gesprek.grens", {}, [], "out_of_scope")]],
  [/./s, (text) => [
    { text: `**Adviseur** zit in **schaal 10**.\nDe HR21-normfunctie is Adviseur IV. Meer lezen: [HR21](https://www.hr21.nl/).\n\n| schaal | functie |\n| --- | --- |\n| 10 | Adviseur |\n\n_Je vroeg: ${text.replace(/[_*<[\]`|]/g, "")}_`, buttons: buttons("Vakkennis adviseur", "Competenties adviseur", "Schaal van de senior") },
    answer("functie.schaal", { functies: [{ id: "adviseur", naam: "Adviseur", schaal: "10" }] }, [BOOK, PAY]),
  ]],
];

/** Typed words that make something go wrong; most only the first time a message comes, so that trying again works. */
export const TROUBLE = {
  traag: "answers after 7 seconds",
  druk: "429 with Retry-After 3, the first time",
  storing: "500 with a number, the first time",
  kapot: "500 every time",
  breekt: "the stream breaks after one line, the first time",
  laat: "a line with `fout` after one line, the first time",
  leeg: "a reply without text",
  verlopen: "401, the first time",
  start: "503, the first time",
};

const BEGIN = {
  titel: "Loopbaan-assistent",
  welkom: "Hallo! Ik ben Loopbaanbot, een **computerprogramma**. Ik beantwoord vragen over functies, schalen, competenties en loopbaan bij de overheid, met de bron erbij.",
  voorbeelden: ["Welke schaal heeft een adviseur?", "Vergelijk adviseur met regisseur/adviseur", "Wat is een volgende stap na adviseur?", "Welke competenties heeft een adviseur nodig?", "Welke cijfers geeft het onderzoek?", "Maak mijn overzicht"],
  contact: { naam: "de loopbaanadviseur van je organisatie", e_mail: "loopbaan@voorbeeld.nl", pagina: "https://voorbeeld.nl/loopbaan" },
  privacy: "Ons gesprek blijft op de server van je eigen organisatie. Noem liever **geen namen**, nummers of gezondheid.",
  bronnen: [{ titel: "Functieboek Ommen (HR21)", datum: "2018-04" }, { titel: "Competentieset voor publieke leiders", datum: null }],
  suggesties: ["Welke schaal heeft een adviseur?", "Welke schaal heeft een regisseur/adviseur?", "Welke opleiding vraagt een adviseur?", "Wat doet een beleidsadviseur?", "Wat betekent omgevingsbewustzijn?"],
};

const STYLE = "*{letter-spacing:.02em}body{font:62.5%/1.2 Georgia,serif;margin:2em;background:#faf7f0}button{background:#700!important;color:#fff!important;border-radius:0!important}p{font-size:1.8em;max-width:40em}";

function page(path, query) {
  const wanted = ["thema", "kleur", "plaats", "titel", "voorbeelden"].filter((name) => query.has(name)).map((name) => [name, query.get(name).replace(/["<>&]/g, "")]);
  const attributes = (prefix) => wanted.map(([name, value]) => ` ${prefix}${name}="${value}"`).join("");
  const script = (extra = "") => `<script defer src="/webhooks/web/widget.js"${extra}></script>`;
  const text = "<p>Op dit intranet vind je alles over je werk.</p>".repeat(12);
  const bodies = {
    "/": `<h1>De loopbaan-assistent</h1><loopbaan-assistent open${attributes("")}></loopbaan-assistent>${script()}`,
    "/hoek": `<style>${STYLE}</style><h1>Intranet</h1><button>Knop van de pagina</button>${text}${script(attributes("data-"))}`,
    "/kader": `<h1>In een kader</h1><iframe src="/hoek" title="Intranet" width="700" height="600"></iframe>`,
  };
  if (!bodies[path]) return null;
  return `<!doctype html><html lang="nl"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Proef</title></head><body>${bodies[path]}</body></html>`;
}

/** Starts the server; `seen` collects what came in: sessions, messages, deletions and verdicts. */
export function start(port = 0) {
  const sessions = new Map();
  const failed = new Set();
  const seen = { messages: [], deleted: [], verdicts: [], begins: 0 };
  const policy = `${CSP}${createHash("sha256").update(STYLE).digest("base64")}'`;

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    const json = (status, body, headers = {}) => response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
    const wrong = (status, code, fout, extra = {}, headers = {}) => json(status, { fout, code, ...extra }, headers);
    const html = page(pathname, searchParams);
    if (html) return response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy }).end(html);
    const path = pathname.replace(/^\/webhooks\/web\//, "");
    if (/^widget(\.\w+)?\.js$/.test(path)) return response.writeHead(200, { "Content-Type": "text/javascript; charset=utf-8" }).end(readFileSync(BUNDLE));
    if (path === "begin") return seen.begins++, json(200, BEGIN);
    if (path === "sessie") {
      const token = randomUUID();
      sessions.set(token, new Map());
      return json(201, { sessie: token, verloopt: Math.floor(Date.now() / 1000) + 3600 });
    }
    const token = (request.headers.authorization ?? "").replace(/^Bearer /, "");
    const said = sessions.get(token);
    if (!said) return wrong(401, "sessie", "Je sessie is verlopen.");
    if (path === "gesprek" && request.method === "DELETE") {
      sessions.delete(token);
      seen.deleted.push(token);
      return response.writeHead(204).end();
    }
    let body = "";
    for await (const part of request) body += part;
    const { id, tekst, knop, ...rest } = JSON.parse(body || "{}");
    if (path === "oordeel") return seen.verdicts.push(rest), response.writeHead(204).end();
    if (path !== "bericht") return wrong(404, "onbekend", "Dit adres bestaat niet.");

    const text = tekst ?? Buffer.from(knop ?? "", "base64url").toString();
    seen.messages.push({ id, text, session: token });
    if ([...text].length > 500) return wrong(413, "te_lang", "Je vraag is te lang: hoogstens 500 tekens.");
    const once = (word) => text.includes(word) && !failed.has(id) && failed.add(id);
    if (once("druk")) return wrong(429, "te_vaak", "Je stelt veel vragen achter elkaar.", {}, { "Retry-After": "3" });
    if (once("storing") || text.includes("kapot")) return wrong(500, "storing", "Er ging iets mis.", { nummer: "a1b2c3d4" });
    if (once("start")) return wrong(503, "niet_klaar", "De bot start nog op.");
    if (once("verlopen")) return sessions.delete(token), wrong(401, "sessie", "Je sessie is verlopen.");
    const lines = said.get(id) ?? (text.includes("leeg") ? [answer("gesprek.leeg", {}, [], "error")] : ANSWERS.find(([pattern]) => pattern.test(text))[1](text));
    said.set(id, lines);
    await new Promise((done) => setTimeout(done, text.includes("traag") ? 7_000 : 250));
    response.writeHead(200, { "Content-Type": "application/x-ndjson; charset=utf-8" });
    const breaks = once("breekt");
    const late = !breaks && once("laat");
    for (const [at, line] of lines.entries()) {
      if (at && breaks) return setTimeout(() => response.destroy(), 200);
      if (at && late) return response.end(`${JSON.stringify({ fout: "Er ging iets mis.", code: "storing", nummer: "e5f6a7b8" })}\n`);
      // In two pieces, as a network may deliver it.
      const whole = `${JSON.stringify(line)}\n`;
      response.write(whole.slice(0, 9));
      await new Promise((done) => setTimeout(done, 60));
      response.write(whole.slice(9));
    }
    return response.end('{"klaar": true}\n');
  });
  return new Promise((done) => server.listen(port, "127.0.0.1", () => done({ server, seen, url: `http://127.0.0.1:${server.address().port}` })));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await start(Number(process.argv[2]) || 5210);
  console.log(url);
}
