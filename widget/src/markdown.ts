/** An answer's Markdown as safe nodes, and as plain text. */
import DOMPurify from "dompurify";
import { Lexer, Parser, Renderer } from "marked";
import { h, unseen } from "./dom";
import { apart, escape } from "./plain";
import { TEXTS } from "./texts";

class Calm extends Renderer {
  /** HTML is shown as it was written. */
  override html({ text }: { text: string }): string {
    return escape(text);
  }

  /** A picture would be fetched from elsewhere: only its description is shown. */
  override image({ text }: { text: string }): string {
    return escape(text);
  }
}

const ALLOWED = {
  ALLOWED_TAGS: "a blockquote br code del em li ol p pre strong table tbody td th thead tr ul".split(" "),
  ALLOWED_ATTR: ["href", "start"],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|tel:)/i,
  RETURN_DOM_FRAGMENT: true as const,
};

/** Markdown as nodes: no HTML of its own, no scripts, no pictures, and links that open beside the page. */
export function markdown(text: string): DocumentFragment {
  const options = { gfm: true, breaks: true, renderer: new Calm() };
  const html = new Parser(options).parse(new Lexer(options).lex(apart(text)));
  const nodes = DOMPurify.sanitize(html, ALLOWED);
  for (const link of nodes.querySelectorAll("a")) {
    link.className = "nl-link";
    if (!/^https?:/i.test(link.getAttribute("href") ?? "")) continue;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.append(unseen(TEXTS.nieuwTabblad));
  }
  for (const table of nodes.querySelectorAll("table")) {
    table.className = "table";
    const around = h("div", { class: "wide" });
    table.replaceWith(around);
    around.append(table);
  }
  return nodes;
}

/** A whole page's body as nodes, for printing: its headings, paragraphs and lists. */
export function pageBody(html: string): DocumentFragment {
  // Its style is not wanted, and where the page forbids styles even reading it would be reported.
  return DOMPurify.sanitize(html.replace(/<style[^]*?<\/style>/gi, ""), {
    ALLOWED_TAGS: "main section h1 h2 h3 p ul ol li strong em br footer".split(" "),
    ALLOWED_ATTR: [],
    RETURN_DOM_FRAGMENT: true,
  });
}
