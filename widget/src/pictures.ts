/** Drawings out of an answer's data, each with a table that says the same. Measures are in units of a 320 wide view. */
import { h, s, unseen } from "./dom";
import { wrap } from "./plain";
import type { ComparisonRow, Data, Figure, Functie, Level, Profile, Step } from "./types";

const WIDTH = 320;
const LINE = 18;

/** One cell: text, or nothing where the source asks nothing. */
type Cell = string | null;

function cell(content: Cell): Node | string {
  return content ?? h("span", {}, h("span", { "aria-hidden": "true" }, "–"), unseen("niet gevraagd"));
}

/** A table whose first column heads its rows; wide ones scroll by themselves, by keyboard too. */
function table(caption: string, head: string[], rows: Cell[][]): HTMLElement {
  const made = h(
    "table",
    { class: "table" },
    h("caption", {}, caption),
    h("thead", {}, h("tr", {}, ...head.map((text) => h("th", { scope: "col" }, text)))),
    h(
      "tbody",
      {},
      ...rows.map(([first, ...rest]) =>
        h("tr", {}, h("th", { scope: "row" }, first), ...rest.map((content) => h("td", {}, cell(content)))),
      ),
    ),
  );
  return h("div", { class: "wide", role: "region", "aria-label": caption, tabindex: 0 }, made);
}

/** A drawing, with a table that says the same folded under it. */
function figure(caption: string, height: number, parts: SVGElement[], head: string[], rows: Cell[][]): HTMLElement {
  return h(
    "figure",
    { class: "picture", "aria-live": "off" },
    h("figcaption", {}, caption),
    s(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": `${caption}. De tabel hieronder zegt hetzelfde.` },
      ...parts,
    ),
    h("details", {}, h("summary", {}, "Toon als tabel"), table(caption, head, rows)),
  );
}

/** Text over several lines, its first line's base at `y`. */
function lines(rows: string[], x: number, y: number, look = ""): SVGElement {
  return s("text", { class: look }, ...rows.map((row, at) => s("tspan", { x, y: y + at * LINE }, row)));
}

const bar = (look: string, x: number, y: number, width: number, height: number): SVGElement =>
  s("rect", { class: look, x, y, width, height, rx: Math.min(3, height / 2) });

// --- comparison ------------------------------------------------------------------------------------------------------

function comparison(rows: ComparisonRow[]): HTMLElement {
  const names = new Map(rows.flatMap((row) => row.competenties.map((asked) => [asked.id, asked.naam] as const)));
  const levels = [...names].map(([id, naam]) => [
    naam[0]!.toUpperCase() + naam.slice(1),
    ...rows.map((row) => row.competenties.find((asked) => asked.id === id)?.niveau ?? null),
  ]);
  const caption = `Vergelijking van ${rows.length} functies`;
  const made = table(
    caption,
    ["", ...rows.map((row) => row.naam.replace("/", "/\u200b"))],
    [
      ["Schaal", ...rows.map((row) => row.schaal)],
      ["Opleiding, minimaal", ...rows.map((row) => row.opleiding)],
      ...levels,
    ],
  );
  // An empty heading says nothing to a screen reader.
  made.querySelector("th")?.append(unseen("Onderdeel"));
  return h(
    "div",
    { class: "picture", "aria-live": "off" },
    made,
    levels.length > 0 && h("p", { class: "small" }, "Bij competenties: niveau A is het hoogst, D het laagst."),
  );
}

// --- path ------------------------------------------------------------------------------------------------------------

const SIDE = { omhoog: "Een stap omhoog", opzij: "Opzij, dezelfde schaal" };

/** The steps by scale, the highest on top, with an arrow from where one is now. */
function path(steps: Step[], from: Functie | undefined): HTMLElement {
  const here = from ?? { id: "", naam: "Je functie nu", schaal: steps.find((step) => step.richting === "opzij")?.schaal ?? "" };
  const rank = (f: Functie): number => parseFloat(f.schaal) || 0;
  const up = steps.filter((step) => step.richting === "omhoog").sort((a, b) => rank(b) - rank(a));
  const order: (Functie | Step)[] = [...up, here, ...steps.filter((step) => step.richting === "opzij")];
  const [left, lane] = [94, 78];
  const parts: SVGElement[] = [];
  const middle = new Map<Functie, number>();
  let y = 2;
  let scale = "";
  for (const f of order) {
    const name = wrap(f.naam, 27);
    const height = name.length * LINE + 16;
    if (f.schaal !== scale && f.schaal) {
      if (scale) parts.push(s("path", { class: "grid", d: `M0 ${y - 7}H${WIDTH}` }));
      parts.push(lines([`schaal ${f.schaal}`], 0, y + height / 2 + 5, "soft"));
    }
    scale = f.schaal;
    parts.push(s("rect", { class: f === here ? "box here" : "box", x: left, y, width: WIDTH - left - 1, height, rx: 6 }));
    parts.push(lines(name, left + 12, y + 21, f === here ? "here" : ""));
    middle.set(f, y + height / 2);
    y += height + 14;
  }
  const start = middle.get(here) ?? 0;
  for (const step of steps) {
    const end = middle.get(step) ?? 0;
    parts.push(s("path", { class: "arrow", d: `M${left} ${start}H${lane}V${end}H${left - 7}` }));
    parts.push(s("path", { class: "head", d: `M${left - 1} ${end}l-8-5v10z` }));
  }
  const caption = from ? `Stappen vanaf ${from.naam.toLowerCase()}` : "Stappen vanaf je functie";
  const rows = steps.map((step) => [step.naam, step.schaal, SIDE[step.richting]]);
  return figure(caption, y - 12, parts, ["Functie", "Schaal", "Richting"], rows);
}

// --- profiles --------------------------------------------------------------------------------------------------------

const LEVELS = ["D", "C", "B", "A"];
const STEP = 70;

/** A row of bars: a competency with a level for each of one or two names; null where it is not asked. */
interface Levels {
  naam: string;
  levels: (Level | null)[];
}

/** Bars from D to A. Of two names the first has a thick bar and the second a thin one, so colour is not needed. */
function levelBars(caption: string, names: string[], rows: Levels[]): HTMLElement {
  const parts: SVGElement[] = [];
  const looks: [string, number][] = [["one", 12], ["two", 6]];
  let y = 14;
  if (names.length > 1) {
    names.forEach((name, at) => {
      const [look, height] = looks[at] ?? looks[0]!;
      const text = wrap(name, 38);
      parts.push(bar(look, 0, y - 5 - height / 2, 24, height), lines(text, 34, y));
      y += text.length * LINE + 4;
    });
    y += 4;
  }
  const top = y;
  for (const [at, level] of LEVELS.entries()) parts.push(lines([level], (at + 1) * STEP - 9, y, "soft"));
  y += 8;
  for (const row of rows) {
    const text = wrap(row.naam, 40);
    y += 18;
    parts.push(lines(text, 0, y));
    y += (text.length - 1) * LINE + 7;
    row.levels.forEach((level, at) => {
      const [look, height] = looks[at] ?? looks[0]!;
      if (level) parts.push(bar(look, 0, y + (14 - height) / 2, (LEVELS.indexOf(level) + 1) * STEP, height));
      parts.push(lines([level ?? "niet gevraagd"], level ? 4 * STEP + 12 : 0, y + 12, level ? "value" : "soft"));
      y += 17;
    });
  }
  const grid = LEVELS.map((_, at) => s("path", { class: "grid", d: `M${(at + 1) * STEP} ${top - 10}V${y + 2}` }));
  const cells = rows.map((row) => [row.naam, ...row.levels]);
  return figure(caption, y + 4, [...grid, ...parts], ["Competentie", ...names], cells);
}

function profiles(list: Profile[]): HTMLElement {
  const names = new Map(list.flatMap((profile) => profile.competenties.map((asked) => [asked.id, asked.naam] as const)));
  const rows = [...names].map(([id, naam]) => ({
    naam,
    levels: list.map((profile) => profile.competenties.find((asked) => asked.id === id)?.niveau ?? null),
  }));
  const titles = list.map((profile) => profile.functie.naam);
  const caption = `Competenties en niveaus${titles.length === 1 ? `: ${titles[0]}` : ""} (A is het hoogst)`;
  if (list.length < 3) return levelBars(caption, titles, rows);
  const cells = rows.map((row) => [row.naam, ...row.levels]);
  return h("div", { class: "picture", "aria-live": "off" }, table(caption, ["Competentie", ...titles], cells));
}

// --- figures ---------------------------------------------------------------------------------------------------------

const shown = (item: Figure): string =>
  `${item.waarde.toLocaleString("nl-NL")}${item.eenheid === "procent" ? "%" : ` ${item.eenheid}`}`;

/** Bars of the figures that share a unit: percentages out of a hundred, others out of the largest. */
function figures(all: Figure[]): HTMLElement | null {
  const percent = all.filter((item) => item.eenheid === "procent");
  const counted = all.filter((item) => item.eenheid === all[0]?.eenheid && !item.eenheid.startsWith("jaar"));
  const drawn = percent.length ? percent : counted.length > 1 ? counted : [];
  if (!drawn.length) return null;
  const most = percent.length ? 100 : Math.max(...drawn.map((item) => item.waarde));
  const parts: SVGElement[] = [];
  let y = -4;
  for (const item of drawn) {
    const text = wrap(item.over, 38);
    y += 20;
    parts.push(lines(text, 0, y));
    y += (text.length - 1) * LINE + 7;
    const full = percent.length ? 264 : 230;
    if (percent.length) parts.push(bar("track", 0.5, y, full, 13));
    parts.push(bar("one", 0.5, y, Math.max((full * item.waarde) / most, 1), 13));
    parts.push(s("text", { class: "value", x: WIDTH, y: y + 12, "text-anchor": "end" }, shown(item)));
    y += 20;
  }
  const caption = percent.length ? "De cijfers in procenten" : "De cijfers";
  const rows = all.map((item) => [item.over, shown(item)]);
  return figure(caption, y + 2, parts, ["Onderwerp", "Cijfer"], rows);
}

/** The pictures that fit an answer's data; data of an unknown form gives none. */
export function pictures(data: Data): HTMLElement[] {
  const made: (HTMLElement | null)[] = [];
  try {
    if (data.vergelijking?.length) made.push(comparison(data.vergelijking));
    if (data.pad?.length) made.push(path(data.pad, data.van));
    if (data.profielen?.length) made.push(profiles(data.profielen));
    else if (data.functie && data.competenties?.length) {
      made.push(profiles([{ functie: data.functie, competenties: data.competenties }]));
    }
    if (data.kloof?.van && data.kloof.competenties.length) {
      const { van, naar, competenties } = data.kloof;
      const rows = competenties.map((step) => ({ naam: step.naam, levels: [step.van, step.naar] }));
      made.push(levelBars("Wat je nu nodig hebt en straks (A is het hoogst)", [`Nu: ${van.naam}`, `Straks: ${naar.naam}`], rows));
    }
    if (data.cijfers?.length) made.push(figures(data.cijfers));
  } catch {
    // The text says it all already; a picture that can't be drawn is left out.
  }
  return made.filter((picture) => picture !== null);
}
