// What the browser tests and the screenshots do with the widget: open a page with it, look in it, talk with it.
import assert from "node:assert/strict";
import puppeteer from "puppeteer-core";

/** Host names that lead to this machine; a page on them has a fixed origin, whatever port it is served from. */
export const LISTED = "http://intranet.test";
export const UNLISTED = "http://elders.test";

/** Starts the browser. `hosts`: for each of those origins the address that serves it. */
export function launch(hosts = {}) {
  const rules = Object.entries(hosts).map(([origin, address]) => `MAP ${new URL(origin).host}:80 ${new URL(address).host}`);
  return puppeteer.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    // Where tests run as root, or in a container with little shared memory.
    args: ["--no-sandbox", "--disable-dev-shm-usage", `--host-resolver-rules=${rules.join(", ")}`],
  });
}

/** A tab with the widget in it. `requests` and `trouble` (errors, dialogs, policy violations) are collected from its start. */
export class Widget {
  requests = [];
  trouble = [];

  /** `media`: media features to emulate. `bypass`: without the page's content policy. `prepare`: what to do with the tab first. */
  static async on(browser, url, { width = 1100, height = 800, media = {}, bypass = false, prepare } = {}) {
    const page = await browser.newPage();
    const widget = new Widget(page);
    await page.setViewport({ width, height });
    await page.setBypassCSP(bypass);
    const session = await page.createCDPSession();
    const features = Object.entries({ "prefers-color-scheme": "light", "prefers-reduced-motion": "reduce", ...media });
    await session.send("Emulation.setEmulatedMedia", { features: features.map(([name, value]) => ({ name, value })) });
    page.on("request", (request) => widget.requests.push(request.url()));
    page.on("pageerror", (error) => widget.trouble.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => (widget.trouble.push(`dialog: ${dialog.message()}`), void dialog.dismiss()));
    await page.exposeFunction("overtreding", (what) => void widget.trouble.push(`policy: ${what}`));
    await page.evaluateOnNewDocument(() => {
      addEventListener("securitypolicyviolation", (event) => window.overtreding(`${event.violatedDirective} ${event.blockedURI}`));
    });
    await prepare?.(page);
    await page.goto(url);
    return widget.settle();
  }

  constructor(page) {
    this.page = page;
  }

  /** Waits for the widget, also after a reload. */
  async settle(frame = this.page.mainFrame()) {
    this.frame = frame;
    await frame.waitForFunction(() => document.querySelector("loopbaan-assistent")?.shadowRoot?.querySelector(".panel"), { polling: 50 });
    this.root = await frame.evaluateHandle(() => document.querySelector("loopbaan-assistent").shadowRoot);
    return this;
  }

  /** What a function finds in the widget's shadow root. */
  see(look, ...rest) {
    return this.root.evaluate(look, ...rest);
  }

  /** Waits until a function of the shadow root gives something; on time-out says what the widget shows. */
  async until(look, ...rest) {
    try {
      await this.frame.waitForFunction(look, { polling: 50, timeout: 30_000 }, this.root, ...rest);
    } catch (error) {
      throw new Error(`waited in vain for ${look} ${rest}\nthe widget shows:\n${await this.text(".panel")}`, { cause: error });
    }
  }

  /** The text of an element, the hidden left out; empty when it isn't there. */
  text(selector) {
    return this.see((root, found) => root.querySelector(found)?.innerText ?? "", selector);
  }

  /** Waits until an element's text fits. */
  reads(selector, pattern) {
    return this.until((root, found, source) => new RegExp(source).test(root.querySelector(found)?.textContent ?? ""), selector, pattern.source);
  }

  async click(selector) {
    const found = await this.frame.waitForSelector(`loopbaan-assistent >>> ${selector}`, { visible: true });
    await found.click();
  }

  /** Presses the button with this text, by mouse; the last when there are more. */
  async press(label) {
    const found = await this.root.evaluateHandle(
      (root, wanted) => [...root.querySelectorAll("button")].filter((button) => button.textContent === wanted && button.checkVisibility()).at(-1),
      label,
    );
    assert.ok(found.asElement(), `no button "${label}"`);
    await found.asElement().click();
  }

  /** Opens the corner panel. */
  async open() {
    await this.click(".launcher");
    await this.until((root) => root.querySelector(".panel[open]") && root.querySelector("#examples"));
    return this;
  }

  /** Types in the field and sends it. */
  async send(text) {
    await this.see((root) => root.querySelector("#field").focus());
    await this.page.keyboard.type(text);
    await this.page.keyboard.press("Enter");
  }

  /** Asks something and gives the text of the whole reply. */
  async ask(text) {
    const before = await this.replies();
    await this.send(text);
    return this.reply(before + 1);
  }

  /** How many replies are complete. */
  replies() {
    return this.see((root) => root.querySelectorAll(".actions:has([aria-pressed])").length);
  }

  /** The text of the last reply, when there are this many. */
  async reply(count) {
    await this.until((root, wanted) => root.querySelectorAll(".actions:has([aria-pressed])").length >= wanted, count);
    return this.see((root) => root.querySelector(".turns > li:last-child").innerText);
  }

  /** Everything that was said, as text. */
  talk() {
    return this.see((root) => [...root.querySelectorAll(".turns > li")].map((turn) => turn.textContent));
  }

  /** What is kept in the tab. */
  kept() {
    return this.frame.evaluate(() => JSON.parse(Object.entries(sessionStorage).find(([key]) => key.startsWith("loopbaan-assistent:"))?.[1] ?? "null"));
  }

  // --- by keyboard ---------------------------------------------------------------------------------------------------

  /** What has the focus: its id or else its text, and whether that can be seen. */
  focus() {
    return this.page.evaluate(() => {
      let active = document.activeElement;
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
      const style = getComputedStyle(active);
      const seen = active.matches(":focus-visible") && (style.outlineStyle !== "none" || style.boxShadow !== "none");
      return { name: active.id || active.textContent.trim() || active.localName, seen };
    });
  }

  /** Tabs until something by this name has the focus. */
  async tabTo(name, { back = false, most = 80 } = {}) {
    const passed = [];
    for (let at = 0; at < most; at++) {
      if (back) await this.page.keyboard.down("Shift");
      await this.page.keyboard.press("Tab");
      if (back) await this.page.keyboard.up("Shift");
      const focus = await this.focus();
      passed.push(focus.name.slice(0, 40));
      if (typeof name === "string" ? focus.name === name : name.test(focus.name)) {
        assert.ok(focus.seen, `the focus on "${focus.name}" can't be seen`);
        return;
      }
    }
    assert.fail(`no ${name} among ${passed.join(" | ")}`);
  }

  key(name) {
    return this.page.keyboard.press(name);
  }

  close() {
    return this.page.close();
  }
}
