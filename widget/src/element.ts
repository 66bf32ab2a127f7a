/** The element itself: the panel, the conversation in it, and what happens when something goes wrong. */
import css from "./style.css";
import { Api, Problem } from "./api";
import { button, h, unseen } from "./dom";
import { copy, print, save } from "./keep";
import { markdown, pageBody } from "./markdown";
import { pictures } from "./pictures";
import { fileName, replyText, talkText } from "./plain";
import { Store } from "./store";
import { suggest } from "./suggest";
import { TEXTS, datum, nummer, over, teller, tijd } from "./texts";
import type { Begin, Choice, Line, Page, Turn } from "./types";

/** Characters of a message that the channel accepts. */
const MOST = 500;

/** Seconds until it tries again by itself when the server is gone; the last one repeats. */
const AGAIN = [2, 4, 8, 15, 30];

const SLOW = 5_000;
const VERY_SLOW = 20_000;

/** Below this width or height the corner panel fills the screen. */
const SMALL = "(max-width: 36em), (max-height: 30em)";

let sheet: CSSStyleSheet | undefined;

/** A shared style sheet: a strict content policy allows it, unlike a style element. */
function styles(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
}

/** `crypto.randomUUID` exists only on https; the widget must also work on an intranet without. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 15) | 64;
  bytes[8] = (bytes[8]! & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The parts of a turn on the screen, in reading order whatever the order they come in. */
interface View {
  reply: HTMLElement;
  note: HTMLElement;
  texts: HTMLElement;
  pictures: HTMLElement;
  sources: HTMLElement;
  choices: HTMLElement;
  actions: HTMLElement;
}

/**
 * `<loopbaan-assistent>`: a button in the corner with a panel, or with the attribute `open` a place of its own.
 * Attributes: `titel`, `thema`, `kleur` (auto, licht, donker), `plaats` (rechts, links), `knop` (the button's text) and
 * `voorbeelden` (questions, separated by |).
 */
export class LoopbaanAssistent extends HTMLElement {
  /** The channel's address; the script sets it from its own. */
  static base = "";
  static readonly observedAttributes = ["titel", "knop"];

  readonly #root = this.attachShadow({ mode: "open" });
  #store!: Store;
  #api!: Api;
  #begin: Begin | null = null;
  #beginAsked = false;
  readonly #views = new Map<Turn, View>();
  #running = false;
  #stop = new AbortController();
  /** Ends a wait for another try: true to try, false to leave the turn. */
  #decide: ((again: boolean) => void) | null = null;

  #inPage = false;
  #panel!: HTMLElement;
  #launcher!: HTMLButtonElement;
  #heading!: HTMLElement;
  #menuButton!: HTMLButtonElement;
  #menu!: HTMLElement;
  #scroller!: HTMLElement;
  #welcome!: HTMLElement;
  #list!: HTMLOListElement;
  #typing!: HTMLElement;
  #status!: HTMLElement;
  #alarm!: HTMLElement;
  #sure!: HTMLElement;
  #form!: HTMLFormElement;
  #field!: HTMLInputElement;
  #counter!: HTMLElement;
  #options!: HTMLElement;
  #chosen = -1;
  #quiet: ReturnType<typeof setTimeout> | undefined;
  /** Where the widget last scrolled to; elsewhere means that the person scrolled, and is left in peace. */
  #scrolledTo = 0;

  connectedCallback(): void {
    if (this.#panel) {
      this.#stop = new AbortController();
      addEventListener("online", this.#online);
      void this.#pump();
      return;
    }
    this.#inPage = this.hasAttribute("open");
    this.#store = new Store(`loopbaan-assistent:${LoopbaanAssistent.base}`);
    const { kept } = this.#store;
    this.#api = new Api(LoopbaanAssistent.base, kept.token, (token) => {
      kept.token = token;
      this.#store.save();
    });
    this.#build();
    this.#showWelcome();
    for (const turn of kept.turns) this.#showTurn(turn);
    this.#field.value = kept.draft;
    this.#count();
    this.attributeChangedCallback();
    this.#root.adoptedStyleSheets = [styles()];
    // Filled before it is in the document, so that a screen reader does not read out what was already there.
    this.#root.append(h("div", { lang: "nl", class: "all" }, this.#launcher, this.#panel));
    this.#toEnd();
    if (this.#inPage) this.#shown();
    else if (kept.open && !matchMedia(SMALL).matches) this.open(false);
    addEventListener("online", this.#online);
    void this.#pump();
  }

  disconnectedCallback(): void {
    removeEventListener("online", this.#online);
    this.#stop.abort();
    this.#decide?.(false);
  }

  attributeChangedCallback(): void {
    if (!this.#panel) return;
    const title = this.getAttribute("titel") || this.#begin?.titel || TEXTS.titel;
    this.#heading.textContent = title;
    this.#launcher.lastElementChild!.textContent = this.getAttribute("knop") || TEXTS.openen;
  }

  // --- the frame -----------------------------------------------------------------------------------------------------

  #build(): void {
    this.#launcher = button(TEXTS.openen, "primary", () => this.open(), {
      icon: "chat",
      attributes: { class: "nl-button nl-button--primary launcher", hidden: this.#inPage, "aria-haspopup": "dialog" },
    });
    this.#heading = h("h2", { id: "heading", tabindex: -1 });
    this.#menuButton = button(TEXTS.menu, "subtle", () => this.#toggleMenu(), {
      icon: "more",
      bare: true,
      attributes: { "aria-expanded": "false", "aria-controls": "menu" },
    });
    const item = (label: string, click: () => void): HTMLElement =>
      h("li", {}, button(label, "subtle", () => (this.#toggleMenu(false), click())));
    this.#menu = h(
      "ul",
      { id: "menu", class: "menu", hidden: true },
      item(TEXTS.opnieuwBeginnen, () => this.#confirm(TEXTS.zekerOpnieuw, TEXTS.opnieuwBegonnen)),
      item(TEXTS.kopieerGesprek, () => void this.#copyText(this.#turns.length ? talkText(this.#turns) : "")),
      item(TEXTS.drukGesprekAf, () => this.#printTalk()),
      item(TEXTS.verwijder, () => this.#confirm(TEXTS.zekerVerwijder, TEXTS.verwijderd)),
    );
    const header = h(
      "header",
      { class: "header" },
      h("div", { class: "titles" }, this.#heading, h("p", {}, TEXTS.computer)),
      this.#menuButton,
      !this.#inPage && button(TEXTS.sluiten, "subtle", () => this.close(), { icon: "close", bare: true }),
    );
    this.#welcome = h("div", { class: "welcome" });
    this.#list = h("ol", { class: "turns" });
    this.#typing = h("div", { class: "typing", "aria-hidden": "true", hidden: true }, h("i"), h("i"), h("i"));
    this.#scroller = h(
      "div",
      { class: "scroller", tabindex: 0, role: "region", "aria-label": TEXTS.berichten },
      this.#welcome,
      h("div", { role: "log", "aria-label": TEXTS.gesprek }, this.#list),
      this.#typing,
    );
    this.#status = h("div", { class: "status", role: "status" });
    this.#alarm = h("div", { class: "alarm", role: "alert" });
    this.#sure = h("div", { class: "alarm", role: "group", "aria-label": TEXTS.verwijder });
    this.#options = h("ul", { id: "options", class: "options", role: "listbox", "aria-label": TEXTS.suggesties, hidden: true });
    this.#field = h("input", {
      id: "field",
      type: "text",
      class: "field",
      autocomplete: "off",
      enterkeyhint: "send",
      placeholder: TEXTS.uitleg,
      role: "combobox",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-controls": "options",
      "aria-describedby": "counter",
      input: () => this.#typed(),
      blur: () => this.#closeOptions(),
      keydown: (event: KeyboardEvent) => this.#keyInField(event),
    });
    this.#counter = h("p", { id: "counter", class: "counter" });
    this.#form = h(
      "form",
      {
        class: "form",
        submit: (event: Event) => {
          event.preventDefault();
          this.#submit();
        },
      },
      h("label", { for: "field" }, TEXTS.label),
      h("div", { class: "row" }, this.#options, this.#field, button(TEXTS.verstuur, "primary", null, { icon: "send", attributes: { type: "submit" } })),
      this.#counter,
    );
    const foot = h("div", { class: "foot" }, this.#status, this.#alarm, this.#sure, this.#form);
    const parts = [header, this.#menu, this.#scroller, foot];
    const frame = { class: "panel", "aria-labelledby": "heading" };
    this.#panel = this.#inPage ? h("section", frame, ...parts) : h("dialog", frame, ...parts);
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#escape()) event.preventDefault();
    });
    // The page's own shortcuts must not fire on what is typed here: it can't see that the target is a field.
    for (const name of ["keydown", "keypress", "keyup"]) {
      this.#panel.addEventListener(name, (event) => event.stopPropagation());
    }
    this.#panel.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
  }

  /** Opens the corner panel. `focus`: take the focus along, as after a press on the button. */
  open(focus = true): void {
    if (this.#inPage || this.#panel.hasAttribute("open")) return;
    const small = matchMedia(SMALL).matches;
    // On a small screen the panel is all there is. Elsewhere the page stays usable, and `show()` would take the focus.
    if (small) (this.#panel as HTMLDialogElement).showModal();
    else this.#panel.setAttribute("open", "");
    this.#launcher.hidden = true;
    this.#store.kept.open = true;
    this.#store.save();
    this.#toEnd();
    this.#shown();
    if (focus) (small ? this.#heading : this.#field).focus();
  }

  /** Closes the corner panel and gives the focus back to its button. */
  close(): void {
    if (this.#inPage || !this.#panel.hasAttribute("open")) return;
    if (this.#panel.matches(":modal")) (this.#panel as HTMLDialogElement).close();
    else this.#panel.removeAttribute("open");
    this.#launcher.hidden = false;
    this.#store.kept.open = false;
    this.#store.save();
    this.#launcher.focus();
  }

  /** What Escape closes, the innermost first; false when there was nothing. */
  #escape(): boolean {
    if (!this.#options.hidden) this.#closeOptions();
    else if (!this.#menu.hidden) {
      this.#toggleMenu(false);
      this.#menuButton.focus();
    } else if (this.#sure.hasChildNodes()) this.#calm(this.#sure);
    else if (this.#inPage) return false;
    else this.close();
    return true;
  }

  #toggleMenu(show = this.#menu.hidden): void {
    this.#menu.hidden = !show;
    this.#menuButton.setAttribute("aria-expanded", String(show));
    if (show) this.#menu.querySelector("button")?.focus();
  }

  /** What happens now, also for a screen reader. What only confirms something goes away by itself. */
  #say(text: string, lasting = true): void {
    clearTimeout(this.#quiet);
    if (this.#status.textContent !== text) this.#status.textContent = text;
    if (!lasting) this.#quiet = setTimeout(() => this.#say(""), 8_000);
  }

  /**
   * Scrolls to the end, or to a turn's question, so that its reply reads from the top. Only the conversation itself:
   * `scrollIntoView` would move the host page as well.
   */
  #toEnd(turn?: Turn): void {
    const view = turn && this.#views.get(turn);
    const question = view?.reply.previousElementSibling as HTMLElement | null | undefined;
    const box = this.#box;
    const start = box === this.#panel ? this.#scroller.offsetTop : 0;
    box.scrollTop = question ? start + question.offsetTop - 8 : box.scrollHeight;
    this.#scrolledTo = box.scrollTop;
  }

  /** What scrolls: the conversation, or on a low screen the panel as a whole. */
  get #box(): HTMLElement {
    return getComputedStyle(this.#scroller).overflowY === "visible" ? this.#panel : this.#scroller;
  }

  // --- the start -----------------------------------------------------------------------------------------------------

  /** Asked for only when the widget is seen, so that a page where nobody uses it makes no request. */
  #shown(): void {
    if (this.#begin || this.#beginAsked) return;
    this.#beginAsked = true;
    this.#api.begin().then(
      (begin) => {
        this.#begin = begin;
        this.attributeChangedCallback();
        this.#showWelcome();
        if (this.#status.textContent === TEXTS.beginMislukt) this.#say("");
      },
      () => {
        this.#beginAsked = false;
        if (!this.#running) this.#say(TEXTS.beginMislukt);
        setTimeout(() => this.isConnected && (this.#inPage || this.#panel.hasAttribute("open")) && this.#shown(), 10_000);
      },
    );
  }

  #showWelcome(): void {
    const { welkom, voorbeelden, privacy, bronnen, contact } = this.#begin ?? {};
    const own = this.getAttribute("voorbeelden")?.split("|").map((text) => text.trim()).filter(Boolean);
    const examples = own?.length ? own : (voorbeelden ?? []);
    const foldable = (title: string, ...content: (Node | string)[]): HTMLElement =>
      h("details", {}, h("summary", {}, title), ...content);
    const page = /^https?:/i.test(contact?.pagina ?? "") ? contact!.pagina! : "";
    const mail = contact?.e_mail;
    const text = h("div", { class: "text" });
    text.append(markdown(welkom || TEXTS.welkom));
    const parts: (Node | false | undefined | "")[] = [
      text,
      contact?.naam &&
        h(
          "p",
          {},
          `${TEXTS.mens} `,
          page ? h("a", { class: "nl-link", href: page, target: "_blank", rel: "noopener noreferrer" }, contact.naam, unseen(TEXTS.nieuwTabblad)) : contact.naam,
          mail && " (",
          mail && h("a", { class: "nl-link", href: `mailto:${mail}` }, mail),
          mail && ")",
          ".",
        ),
      examples.length > 0 && h("p", { id: "examples" }, TEXTS.voorbeelden),
      examples.length > 0 &&
        h(
          "ul",
          { class: "choices", "aria-labelledby": "examples" },
          ...examples.map((question) => h("li", {}, button(question, "secondary", () => this.#ask(question)))),
        ),
      foldable(TEXTS.overPrivacy, markdown(privacy || TEXTS.privacy)),
      !!bronnen?.length &&
        foldable(TEXTS.overBronnen, h("ul", {}, ...bronnen.map((bron) => h("li", {}, `${bron.titel} (${datum(bron.datum)})`)))),
    ];
    this.#welcome.replaceChildren(...parts.filter((part): part is Node => !!part));
  }

  // --- asking --------------------------------------------------------------------------------------------------------

  get #turns(): Turn[] {
    return this.#store.kept.turns;
  }

  #typed(): void {
    this.#store.kept.draft = this.#field.value;
    this.#store.save();
    this.#count();
    this.#showOptions(suggest(this.#begin?.suggesties ?? [], this.#field.value));
  }

  get #length(): number {
    // As the server counts: a character outside the basic plane is one, not two.
    return [...this.#field.value.trim()].length;
  }

  #count(): void {
    const text = teller(this.#length, MOST);
    const wrong = this.#length > MOST;
    this.#counter.textContent = text;
    this.#counter.classList.toggle("wrong", wrong);
    if (wrong) this.#field.setAttribute("aria-invalid", "true");
    else this.#field.removeAttribute("aria-invalid");
  }

  #setField(text: string): void {
    this.#field.value = text;
    this.#typed();
    this.#closeOptions();
  }

  #submit(): void {
    const text = this.#field.value.trim();
    this.#closeOptions();
    if (!text) return;
    if (this.#length > MOST) {
      this.#say("");
      this.#say(`Je vraag is te lang: ${teller(this.#length, MOST)}. Maak hem korter.`);
      this.#field.focus();
      return;
    }
    this.#setField("");
    this.#ask(text);
  }

  /** Ask a question, or press a button: `payload` is what the channel gave with it. */
  #ask(question: string, payload?: string): void {
    const turn: Turn = { id: uuid(), at: Date.now(), question, lines: [], state: "waiting", ...(payload ? { payload } : {}) };
    if (!this.#decide) this.#alarm.replaceChildren();
    this.#turns.push(turn);
    this.#store.save();
    this.#showTurn(turn);
    this.#toEnd();
    if (this.#running) this.#say(TEXTS.wachtrij);
    // Who asks something else does not wait for what went wrong before.
    this.#decide?.(false);
    void this.#pump();
  }

  /** Sends what waits, one at a time and in order. */
  async #pump(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    const { signal } = this.#stop;
    for (let turn; !signal.aborted && (turn = this.#turns.find((other) => other.state === "waiting")); ) {
      await this.#send(turn, signal);
    }
    this.#running = false;
    this.#typing.hidden = true;
  }

  async #send(turn: Turn, signal: AbortSignal): Promise<void> {
    let tries = 0;
    let renewed = false;
    for (;;) {
      this.#say(TEXTS.zoekt);
      this.#typing.hidden = false;
      const timers = [setTimeout(() => this.#say(TEXTS.traag), SLOW), setTimeout(() => this.#say(TEXTS.nogBezig), VERY_SLOW)];
      try {
        await this.#api.send(
          turn,
          (line) => {
            turn.lines.push(line);
            turn.answeredAt ??= Date.now();
            const still = Math.abs(this.#box.scrollTop - this.#scrolledTo) < 3;
            this.#showLine(turn, line);
            if (still) this.#toEnd(turn);
          },
          signal,
        );
        if (!turn.lines.some((line) => line.text?.trim())) throw new Problem("leeg");
        turn.state = "done";
        this.#showActions(turn);
        this.#say("");
        this.#shown();
        return;
      } catch (error) {
        if (signal.aborted) return;
        timers.forEach(clearTimeout);
        this.#typing.hidden = true;
        const problem = error instanceof Problem ? error : new Problem("storing");
        this.#say("");
        if (problem.kind === "sessie" && !renewed) {
          renewed = true;
          this.#api.drop();
          turn.note = TEXTS.sessie;
          turn.lines = [];
          this.#showTurn(turn);
          continue;
        }
        if (problem.kind === "te_lang" || problem.kind === "geweigerd" || problem.kind === "oorsprong") {
          this.#giveBack(turn);
          this.#warn(this.#alarm, problem.kind === "oorsprong" ? TEXTS.oorsprong : problem.said || TEXTS.geweigerd);
          return;
        }
        const again = await this.#again(turn, problem, tries++);
        if (signal.aborted) return;
        if (!again) {
          if (this.#turns.includes(turn)) turn.state = "failed";
          this.#showActions(turn);
          return;
        }
        // An empty reply is a reply: under the same id it would be empty again.
        if (problem.kind === "leeg") turn.id = uuid();
      } finally {
        timers.forEach(clearTimeout);
        this.#typing.hidden = true;
        this.#store.save();
      }
    }
  }

  /** Tells what went wrong, and waits: for the clock where trying again can help, and for the person. */
  #again(turn: Turn, problem: Problem, tries: number): Promise<boolean> {
    const gone = ["weg", "afgebroken", "niet_klaar", "te_vaak"].includes(problem.kind);
    const said: Record<string, string> = {
      weg: navigator.onLine ? TEXTS.weg : TEXTS.geenInternet,
      afgebroken: TEXTS.afgebroken,
      niet_klaar: TEXTS.nietKlaar,
      te_vaak: TEXTS.teVaak,
      leeg: TEXTS.leeg,
    };
    const text = said[problem.kind] ?? `${TEXTS.storing}${problem.id ? ` ${nummer(problem.id)}` : ""}`;
    let left = problem.kind === "te_vaak" ? problem.wait : AGAIN[Math.min(tries, AGAIN.length - 1)]!;
    return new Promise((resolve) => {
      // Said once with the seconds in it; the clock that ticks down is only to be seen.
      const clock = h("span", { "aria-hidden": "true" });
      const first = gone ? unseen(over(left)) : null;
      const tick = (): void => {
        clock.textContent = ` ${over(left)}`;
        if (left-- <= 0) end(true);
      };
      const timer = gone ? setInterval(tick, 1_000) : undefined;
      const end = (again: boolean): void => {
        clearInterval(timer);
        this.#decide = null;
        this.#calm();
        resolve(again);
      };
      if (gone) tick();
      // A new question waits its turn behind this one when the server is gone: trying now serves both.
      this.#decide = (again) => end(again || (gone && this.isConnected));
      this.#warn(
        this.#alarm,
        h("span", {}, text, gone && " ", first, gone && clock),
        button(TEXTS.opnieuw, "secondary", () => end(true)),
        button(TEXTS.terug, "subtle", () => {
          this.#giveBack(turn);
          end(false);
        }),
      );
    });
  }

  readonly #online = (): void => this.#decide?.(true);

  /** Takes a question out of the conversation and puts its text back in the field, before what was typed since. */
  #giveBack(turn: Turn): void {
    const at = this.#turns.indexOf(turn);
    if (at >= 0) this.#turns.splice(at, 1);
    const view = this.#views.get(turn);
    view?.reply.previousElementSibling?.remove();
    view?.reply.remove();
    this.#views.delete(turn);
    this.#setField([turn.question, this.#field.value.trim()].filter(Boolean).join(" "));
    this.#field.focus();
    this.#store.save();
  }

  #warn(box: HTMLElement, ...content: (Node | string)[]): void {
    box.replaceChildren(h("p", {}, content[0]!), h("div", { class: "choices" }, ...content.slice(1)));
    this.#toEnd();
  }

  /** Takes the warning away; the focus goes to the field when it was in there. */
  #calm(box = this.#alarm): void {
    const inside = box.contains(this.#root.activeElement);
    box.replaceChildren();
    if (inside) this.#field.focus();
  }

  // --- the conversation ----------------------------------------------------------------------------------------------

  #head(who: string, at: number | undefined): HTMLElement {
    const time = at ? h("time", { datetime: new Date(at).toISOString() }, tijd(at)) : null;
    return h("p", { class: "who" }, h("b", {}, who), time && " ", time && unseen("om "), time);
  }

  /** Shows a turn, or shows it anew. */
  #showTurn(turn: Turn): void {
    const part = (name: string): HTMLElement => h("div", { class: name });
    const view: View = {
      reply: h("li", { class: "reply" }),
      note: part("note"),
      texts: part("text"),
      pictures: part("pictures"),
      sources: part("sources"),
      choices: part("follow"),
      actions: part("actions"),
    };
    view.note.textContent = turn.note ?? "";
    view.reply.append(view.note, view.texts, view.pictures, view.sources, view.choices, view.actions);
    const old = this.#views.get(turn);
    this.#views.set(turn, view);
    if (old) old.reply.replaceWith(view.reply);
    else {
      const question = h("li", { class: "question" }, this.#head(TEXTS.jij, turn.at), h("p", {}, turn.question));
      this.#list.append(question, view.reply);
    }
    for (const line of turn.lines) this.#showLine(turn, line);
    if (turn.state !== "waiting") this.#showActions(turn);
  }

  #showLine(turn: Turn, line: Line): void {
    const view = this.#views.get(turn);
    if (!view) return;
    if (!view.texts.hasChildNodes()) view.texts.append(this.#head(TEXTS.assistent, turn.answeredAt));
    if (line.text) view.texts.append(markdown(line.text));
    if (line.buttons?.length) view.choices.append(this.#choices(line.buttons));
    const answer = line.custom?.answer;
    if (!answer) return;
    view.pictures.append(...pictures(answer.data ?? {}));
    if (answer.data?.document) view.pictures.append(this.#page(answer.data.document));
    if (answer.sources?.length) {
      const items = answer.sources.map((source) =>
        h("li", {}, h("b", {}, source.title), `, ${source.section} `, h("span", { class: "soft" }, `(${datum(source.date)})`)),
      );
      view.sources.append(h("details", {}, h("summary", {}, `${TEXTS.bronnen} (${items.length})`), h("ul", {}, ...items)));
    }
  }

  #choices(choices: Choice[]): HTMLElement {
    const one = (choice: Choice): HTMLElement =>
      h("li", {}, button(choice.title, "secondary", () => this.#ask(choice.title, choice.payload)));
    return h("ul", { class: "choices" }, ...choices.map(one));
  }

  /** The personal overview: print it, or keep it. */
  #page(page: Page): HTMLElement {
    const name = fileName(page.titel);
    return h(
      "div",
      { class: "choices keep" },
      button(TEXTS.drukAf, "secondary", () => print(h("div", { class: "page" }, pageBody(page.html)), [styles()])),
      button(TEXTS.bewaarPagina, "secondary", () => save(page.html, "text/html", `${name}.html`)),
      button(TEXTS.bewaarTekst, "secondary", () => save(page.tekst, "text/plain", `${name}.txt`)),
    );
  }

  /** What can be done with a whole reply: copy it, and say what it was worth. */
  #showActions(turn: Turn): void {
    const view = this.#views.get(turn);
    if (!view) return;
    if (turn.state === "failed") {
      view.note.textContent = TEXTS.nietBeantwoord;
      view.actions.replaceChildren(
        button(TEXTS.opnieuw, "secondary", () => {
          turn.state = "waiting";
          view.note.textContent = "";
          view.actions.replaceChildren();
          this.#field.focus();
          void this.#pump();
        }),
      );
      return;
    }
    const thumb = (good: boolean): HTMLButtonElement =>
      button(good ? TEXTS.goed : TEXTS.nietGoed, "subtle", () => void this.#judge(turn, good), {
        icon: good ? "up" : "down",
        bare: true,
        attributes: { "aria-pressed": String(turn.verdict === good) },
      });
    view.actions.replaceChildren(
      button(TEXTS.kopieer, "subtle", () => void this.#copyText(replyText(turn.lines)), { icon: "copy", bare: true }),
      thumb(true),
      thumb(false),
    );
  }

  // --- verdicts ------------------------------------------------------------------------------------------------------

  /** A verdict is sent at once; a word about it is asked for afterwards. */
  async #judge(turn: Turn, good: boolean): Promise<void> {
    const view = this.#views.get(turn)!;
    const [, up, down] = view.actions.querySelectorAll("button");
    const show = (verdict: boolean | undefined): void => {
      up?.setAttribute("aria-pressed", String(verdict === true));
      down?.setAttribute("aria-pressed", String(verdict === false));
    };
    const before = turn.verdict;
    show(good);
    try {
      await this.#api.judge(turn, good);
    } catch {
      show(before);
      this.#say(TEXTS.oordeelMislukt, false);
      return;
    }
    turn.verdict = good;
    this.#store.save();
    this.#say(TEXTS.oordeelBedankt, false);
    view.actions.querySelector("form")?.remove();
    const id = `word-${turn.id}`;
    const word = h("input", { id, type: "text", class: "field", maxlength: 300, autocomplete: "off" });
    const along = h("input", { type: "checkbox", id: `${id}-along` });
    const done = (text: string): void => {
      form.remove();
      (good ? up : down)?.focus();
      this.#say(text, false);
    };
    const form = h(
      "form",
      {
        class: "verdict",
        submit: (event: Event) => {
          event.preventDefault();
          this.#api.judge(turn, good, word.value.trim(), along.checked).then(
            () => done(TEXTS.oordeelVast),
            () => this.#say(TEXTS.oordeelMislukt),
          );
        },
      },
      h("label", { for: id }, TEXTS.oordeelWoord),
      word,
      h("label", { class: "check" }, along, h("span", {}, TEXTS.oordeelGesprek)),
      h(
        "div",
        { class: "choices" },
        button(TEXTS.oordeelVerstuur, "secondary", null, { attributes: { type: "submit" } }),
        button(TEXTS.oordeelSluit, "subtle", () => done("")),
      ),
    );
    view.actions.append(form);
    const below = form.getBoundingClientRect().bottom - this.#form.getBoundingClientRect().top;
    if (below > 0) this.#box.scrollTop += below + 40;
  }

  // --- the menu ------------------------------------------------------------------------------------------------------

  async #copyText(text: string): Promise<void> {
    if (!text) this.#say(TEXTS.leegGesprek, false);
    else this.#say((await copy(text, this.#panel)) ? TEXTS.gekopieerd : TEXTS.kopieerMislukt, false);
  }

  #printTalk(): void {
    const talk = this.#list.cloneNode(true) as HTMLElement;
    for (const extra of talk.querySelectorAll(".actions, .follow, .keep")) extra.remove();
    for (const fold of talk.querySelectorAll("details")) fold.open = true;
    print(h("div", { class: "page" }, h("h1", {}, this.#heading.textContent), h("p", {}, TEXTS.computer), talk), [styles()]);
  }

  /** Asks before deleting; the question stands in the panel, for a frame may forbid windows. */
  #confirm(question: string, done: string): void {
    if (!this.#turns.length && !this.#api.known) {
      this.#say(TEXTS.leegGesprek, false);
      this.#menuButton.focus();
      return;
    }
    const no = button(TEXTS.nee, "subtle", () => this.#calm(this.#sure));
    this.#warn(this.#sure, question, button(TEXTS.ja, "primary", () => void this.#erase(done)), no);
    no.focus();
  }

  async #erase(done: string): Promise<void> {
    this.#calm(this.#sure);
    this.#calm();
    this.#say(TEXTS.bezigVerwijderen);
    // Nothing of the old conversation may be sent or shown after this.
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#decide?.(false);
    let said = done;
    try {
      await this.#api.forget();
    } catch (error) {
      if (!(error instanceof Problem && error.kind === "sessie")) {
        this.#say(TEXTS.verwijderMislukt);
        void this.#pump();
        return;
      }
      this.#api.drop();
      said = TEXTS.verwijderdVerlopen;
    }
    this.#turns.length = 0;
    this.#views.clear();
    this.#list.replaceChildren();
    this.#setField("");
    this.#store.save();
    this.#box.scrollTop = 0;
    this.#say(said, false);
    this.#field.focus();
  }

  // --- suggestions ---------------------------------------------------------------------------------------------------

  #showOptions(texts: string[]): void {
    this.#chosen = -1;
    this.#field.removeAttribute("aria-activedescendant");
    this.#options.replaceChildren(
      ...texts.map((text, at) =>
        h(
          "li",
          {
            id: `option-${at}`,
            role: "option",
            "aria-selected": "false",
            // Before the blur, which would close the list.
            pointerdown: (event: Event) => event.preventDefault(),
            click: () => this.#setField(text),
          },
          text,
        ),
      ),
    );
    this.#options.hidden = !texts.length;
    this.#field.setAttribute("aria-expanded", String(texts.length > 0));
  }

  #closeOptions(): void {
    if (!this.#options.hidden) this.#showOptions([]);
  }

  #keyInField(event: KeyboardEvent): void {
    const all = [...this.#options.children];
    if (event.isComposing || !all.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One place more than there are options: in it the field itself is chosen.
      this.#chosen = ((this.#chosen + 1 + step + all.length + 1) % (all.length + 1)) - 1;
      all.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.#chosen)));
      if (this.#chosen < 0) this.#field.removeAttribute("aria-activedescendant");
      else this.#field.setAttribute("aria-activedescendant", `option-${this.#chosen}`);
    } else if (event.key === "Enter" && this.#chosen >= 0) {
      event.preventDefault();
      this.#setField(all[this.#chosen]?.textContent ?? "");
    }
  }
}
