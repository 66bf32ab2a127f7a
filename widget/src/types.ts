/** What the channel and the widget say to each other, and what an answer's `data` can hold to be drawn. */

/** A source of an answer; `date` is a year, year-month or date, or null when the source bears none. */
export interface Source {
  id: string;
  title: string;
  section: string;
  date: string | null;
}

/** A function as pictures need it. */
export interface Functie {
  id: string;
  naam: string;
  schaal: string;
}

export type Level = "A" | "B" | "C" | "D";

/** A competency that a function asks, on a level: A is the highest, D the lowest. */
export interface Asked {
  id: string;
  naam: string;
  niveau: Level;
}

export interface Profile {
  functie: { id: string; naam: string };
  competenties: Asked[];
}

export interface ComparisonRow extends Functie {
  opleiding: string;
  competenties: Asked[];
}

export interface Step extends Functie {
  richting: "omhoog" | "opzij";
}

export interface Figure {
  waarde: number;
  eenheid: string;
  over: string;
}

export interface Gap {
  van: Functie | null;
  naar: Functie;
  competenties: { id: string; naam: string; van: Level | null; naar: Level | null; stand: string }[];
}

/** The personal overview: a page that stands on its own, and the same as plain text. */
export interface Page {
  titel: string;
  html: string;
  tekst: string;
}

export interface Data {
  vergelijking?: ComparisonRow[];
  pad?: Step[];
  /** The function a path starts from. */
  van?: Functie;
  profielen?: Profile[];
  functie?: Profile["functie"];
  competenties?: Asked[];
  cijfers?: Figure[];
  kloof?: Gap;
  document?: Page;
}

export interface Answer {
  outcome: string;
  kind: string;
  sources: Source[];
  data: Data;
}

export interface Choice {
  title: string;
  payload: string;
}

/** One line of the reply's stream. */
export interface Line {
  text?: string;
  buttons?: Choice[];
  custom?: { answer: Answer };
}

/** One question with its reply, as the widget keeps it. */
export interface Turn {
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  question: string;
  /** A pressed button's payload; then `question` is the button's title. */
  payload?: string;
  lines: Line[];
  answeredAt?: number;
  state: "waiting" | "done" | "failed";
  /** Something about the sending that belongs in the conversation, such as a renewed session. */
  note?: string;
  verdict?: boolean;
}

export interface Token {
  sessie: string;
  /** Seconds since 1970. */
  verloopt: number;
}

/** What the start of a conversation shows. */
export interface Begin {
  titel?: string;
  welkom?: string;
  voorbeelden?: string[];
  contact?: { naam?: string; e_mail?: string; pagina?: string };
  privacy?: string;
  bronnen?: { titel: string; datum: string | null }[];
  suggesties?: string[];
}
