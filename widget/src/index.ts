/** The script's start: defines the element, and puts one in the corner when the page has none of its own. */
import { LoopbaanAssistent } from "./element";

const NAME = "loopbaan-assistent";

const script = (document.currentScript ??
  document.querySelector('script[src*="/webhooks/web/widget"]')) as HTMLScriptElement | null;

if (script && !customElements.get(NAME)) {
  LoopbaanAssistent.base = new URL(".", script.src).href;
  customElements.define(NAME, LoopbaanAssistent);
  const insert = (): void => {
    if (document.querySelector(NAME)) return;
    const element = document.createElement(NAME);
    for (const [name, value] of Object.entries(script.dataset)) element.setAttribute(name, value ?? "");
    document.body.append(element);
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", insert);
  else insert();
}
