/** The conversation in the tab's own memory: it survives a reload, not the closing of the tab. */
import type { Token, Turn } from "./types";

export interface Kept {
  token: Token | null;
  turns: Turn[];
  draft: string;
  open: boolean;
}

/** Turns that are kept; older ones stay on the server only. */
const MOST = 100;

const empty = (): Kept => ({ token: null, turns: [], draft: "", open: false });

/** Reads and writes what is kept under a key; where the browser allows no storage, only this page remembers. */
export class Store {
  readonly kept: Kept;
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
    let found: Partial<Kept> | null = null;
    try {
      found = JSON.parse(sessionStorage.getItem(key) ?? "null") as Partial<Kept> | null;
    } catch {
      // A sandboxed frame has no storage, and other scripts may have written here.
    }
    this.kept = { ...empty(), ...(found && Array.isArray(found.turns) ? found : {}) };
  }

  save(): void {
    this.kept.turns.splice(0, this.kept.turns.length - MOST);
    for (let drop = 0; drop <= this.kept.turns.length; drop += 10) {
      try {
        sessionStorage.setItem(this.#key, JSON.stringify({ ...this.kept, turns: this.kept.turns.slice(drop) }));
        return;
      } catch {
        // Full: try with fewer turns.
      }
    }
  }
}
