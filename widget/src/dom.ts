/** Making elements. Nothing here sets a style attribute or parses HTML: a strict content policy allows neither. */

type Child = Node | string | null | undefined | false;
type Value = string | number | boolean | null | undefined | ((event: never) => void);

function fill<E extends Element>(element: E, attributes: Record<string, Value>, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value as EventListener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child): child is Node | string => !!child));
  return element;
}

/** An HTML element with attributes, listeners (a function under the event's name) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, Value> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element, likewise. */
export function s(tag: string, attributes: Record<string, Value> = {}, ...children: Child[]): SVGElement {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

const ICONS = {
  chat: "M4 5h16v11H9l-5 4z",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  down: "M7 4v10l5 7 2-1-1-6h7l-2-10zM3 4h1v10H3",
  more: "M5 12h0M12 12h0M19 12h0",
  send: "M5 12h14M13 6l6 6-6 6",
  up: "M7 20V10l5-7 2 1-1 6h7l-2 10zM3 20h1V10H3",
};

/** A small line drawing beside or instead of a label; hidden from assistive technology. */
export function icon(name: keyof typeof ICONS): SVGElement {
  return s("svg", { class: `icon ${name}`, viewBox: "0 0 24 24", "aria-hidden": "true" }, s("path", { d: ICONS[name] }));
}

type Look = "primary" | "secondary" | "subtle";

/** A button in the NL Design System's look. With `icon`, the label is for assistive technology only when `bare`. */
export function button(
  label: string,
  look: Look,
  click: ((event: MouseEvent) => void) | null,
  options: { icon?: keyof typeof ICONS; bare?: boolean; attributes?: Record<string, Value> } = {},
): HTMLButtonElement {
  const { icon: drawing, bare, attributes } = options;
  const text = h("span", { class: "nl-button__label" }, label);
  return h(
    "button",
    {
      type: "button",
      class: `nl-button nl-button--${look}${bare ? " nl-button--icon-only" : ""}`,
      title: bare ? label : null,
      ...(click ? { click } : {}),
      ...attributes,
    },
    drawing && icon(drawing),
    text,
  );
}

/** Text that only assistive technology reads. */
export function unseen(text: string): HTMLElement {
  return h("span", { class: "unseen" }, text);
}
