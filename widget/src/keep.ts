/** Printing, saving and copying; nothing of it leaves the browser. */
import { h } from "./dom";

/** Save text as a file. */
export function save(content: string, type: string, name: string): void {
  const link = h("a", { href: URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Copy text; false where the browser refuses. */
export async function copy(text: string, near: Node): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without https, or in a frame that may not: the old way, with a field that is gone at once.
    const active = (near.getRootNode() as ShadowRoot).activeElement as HTMLElement | null;
    const field = h("textarea", { class: "unseen", "aria-hidden": "true", tabindex: -1 });
    field.value = text;
    near.appendChild(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    active?.focus();
    return done;
  }
}

function sheet(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

/**
 * Print some content by itself. It stands at the end of the page, unseen on screen; in print the rest of the page is
 * left out. That needs no frame and no window, which a content policy or a browser may forbid.
 */
export function print(content: Node, sheets: CSSStyleSheet[]): void {
  const page = h("div", { "data-loopbaan-druk": true, open: true, lang: "nl" });
  page.attachShadow({ mode: "open" }).append(content);
  page.shadowRoot!.adoptedStyleSheets = sheets;
  const hide = sheet(
    "@media screen{[data-loopbaan-druk]{display:none!important}}" +
      "@media print{body>:not([data-loopbaan-druk]){display:none!important}}",
  );
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, hide];
  document.body.append(page);
  const done = (): void => {
    page.remove();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== hide);
  };
  addEventListener("afterprint", done, { once: true });
  window.print();
}
