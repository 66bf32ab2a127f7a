/** The channel's addresses, and its failures as one kind of error. */
import { jsonLines } from "./stream";
import type { Begin, Line, Token, Turn } from "./types";

/** What went wrong, as far as the widget acts differently on it. */
export type Kind =
  | "weg" // no connection, or a gateway without a bot behind it
  | "afgebroken" // the stream ended early
  | "niet_klaar"
  | "sessie"
  | "te_vaak"
  | "te_lang"
  | "oorsprong"
  | "geweigerd"
  | "storing"
  | "leeg"; // a reply without text

/** A failure. `wait`: seconds the server asks to wait; `said`: its own sentence; `id`: its number in the log. */
export class Problem extends Error {
  constructor(
    readonly kind: Kind,
    readonly said = "",
    readonly id = "",
    readonly wait = 0,
  ) {
    super(kind);
  }
}

/** Milliseconds without a sign of life after which a request counts as lost. */
const PATIENCE = 60_000;

const BY_STATUS: Record<number, Kind> = {
  401: "sessie",
  403: "oorsprong",
  413: "te_lang",
  429: "te_vaak",
  502: "weg",
  503: "niet_klaar",
  504: "weg",
};

async function problem(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const kind = BY_STATUS[response.status] ?? (response.status >= 500 ? "storing" : "geweigerd");
  const wait = Math.min(Math.ceil(Number(response.headers.get("Retry-After"))) || 10, 3600);
  return new Problem(kind, String(body["fout"] ?? ""), String(body["nummer"] ?? ""), wait);
}

/** The conversation's line to the channel. `token` is kept by whoever listens to `keep`. */
export class Api {
  readonly #base: string;
  readonly #keep: (token: Token | null) => void;
  #token: Token | null;

  constructor(base: string, token: Token | null, keep: (token: Token | null) => void) {
    this.#base = base;
    this.#token = token;
    this.#keep = keep;
  }

  /** Whether the server has something of this conversation, as far as is known here. */
  get known(): boolean {
    return this.#token !== null;
  }

  /** Forget the session: the next message gets a new one. */
  drop(): void {
    this.#token = null;
    this.#keep(null);
  }

  /** What the start of a conversation shows. */
  async begin(): Promise<Begin> {
    return (await (await this.#call("begin", { method: "GET" })).json()) as Begin;
  }

  /**
   * Send a turn and hand over the lines of its reply as they come; those the turn already has are skipped, for a
   * repeated id gets the same reply from its start.
   */
  async send(turn: Turn, line: (line: Line) => void, stop: AbortSignal): Promise<void> {
    const has = turn.lines.length;
    const asked = turn.payload ? { knop: turn.payload } : { tekst: turn.question };
    const own = new AbortController();
    const abort = (): void => own.abort();
    stop.addEventListener("abort", abort);
    let timer = setTimeout(abort, PATIENCE);
    let at = 0;
    let complete = false;
    try {
      const response = await this.#call("bericht", await this.#body({ id: turn.id, ...asked }), own.signal);
      if (!response.body) throw new Problem("leeg");
      for await (const object of jsonLines(response.body)) {
        clearTimeout(timer);
        timer = setTimeout(abort, PATIENCE);
        complete ||= !!object["klaar"];
        if (complete) continue; // to the stream's own end, or the browser counts it as broken off
        if (object["fout"]) throw new Problem("storing", String(object["fout"]), String(object["nummer"] ?? ""));
        if (at++ >= has) line(object as Line);
      }
      if (!complete) throw new Problem("afgebroken");
    } catch (error) {
      if (complete) return;
      if (error instanceof Problem) throw error;
      throw new Problem(at ? "afgebroken" : "weg");
    } finally {
      clearTimeout(timer);
      stop.removeEventListener("abort", abort);
    }
  }

  /** Delete the conversation on the server, and the session with it. */
  async forget(): Promise<void> {
    if (this.#token) await this.#call("gesprek", { method: "DELETE", headers: this.#bearer() });
    this.drop();
  }

  /** Say what a reply was worth; `talk` only when the person agreed to send it along. */
  async judge(turn: Turn, good: boolean, word = "", talk = false): Promise<void> {
    const body = { bericht: turn.id, goed: good, ...(word ? { woord: word } : {}), ...(talk ? { gesprek: true } : {}) };
    await this.#call("oordeel", await this.#body(body));
  }

  #bearer(): Record<string, string> {
    return { Authorization: `Bearer ${this.#token?.sessie ?? ""}` };
  }

  async #body(content: object): Promise<RequestInit> {
    if (this.#token && this.#token.verloopt * 1000 < Date.now()) throw new Problem("sessie");
    if (!this.#token) {
      this.#token = (await (await this.#call("sessie", { method: "POST" })).json()) as Token;
      this.#keep(this.#token);
    }
    return {
      method: "POST",
      headers: { ...this.#bearer(), "Content-Type": "application/json" },
      body: JSON.stringify(content),
    };
  }

  async #call(path: string, init: RequestInit, signal = AbortSignal.timeout(PATIENCE)): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(this.#base + path, { ...init, signal, credentials: "omit" });
    } catch {
      throw new Problem("weg");
    }
    if (!response.ok) throw await problem(response);
    // Read to its end, or the browser counts it as broken off.
    if (response.status === 204) await response.text();
    return response;
  }
}
