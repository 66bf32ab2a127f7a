// The servers behind the browser tests: the bot itself, and pages that have the widget in them.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LISTED } from "./widget.mjs";

const ROOT = join(import.meta.dirname, "..", "..", "..");

/** A port that is free now. */
export function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Starts a bot and waits until it answers. `kill` ends it at once, as a power cut does. */
export async function startBot({ port, module = ["bot.cli", "run"], env = {} } = {}) {
  port ??= await freePort();
  const folder = await mkdtemp(join(tmpdir(), "loopbaan-"));
  const child = spawn(process.env.PYTHON || join(ROOT, ".venv", "bin", "python"), ["-m", ...module, "--port", port], {
    cwd: ROOT,
    env: {
      ...process.env,
      LOOPBAAN_OORSPRONGEN: LISTED,
      LOOPBAAN_OORDELEN: join(folder, "oordelen.db"),
      LOOPBAAN_GESPREKKEN: join(folder, "gesprekken.db"),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (said += part));
  const gone = new Promise((done) => child.once("exit", done));
  const kill = async () => {
    child.kill("SIGKILL");
    await gone;
    await rm(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  for (let at = 0; at < 480; at++) {
    if (child.exitCode !== null) throw new Error(`the bot stopped at start:\n${said}`);
    if ((await fetch(`${url}/webhooks/web/`).catch(() => null))?.ok) return { url, port: Number(port), child, kill };
    await new Promise((done) => setTimeout(done, 250));
  }
  await kill();
  throw new Error(`the bot did not start in 120 s:\n${said}`);
}

/** The bot at BOT_URL; without that one of our own. It must allow the origin LISTED. */
export async function theBot() {
  if (process.env.BOT_URL) return { url: process.env.BOT_URL, kill: async () => undefined };
  return startBot();
}

const TEXT = "<p>Op dit intranet vind je alles over je werk. Zoek je iets anders? Bel dan de helpdesk.</p>".repeat(8);

/** A site with pages of its own around the widget of `bot`, under the strictest content policy that the widget needs. */
export async function startSite(bot) {
  const script = `<script defer src="${bot}/webhooks/web/widget.js"></script>`;
  const policy = `default-src 'none'; script-src ${bot}; connect-src ${bot}`;
  const look = ":root{color-scheme:light dark}body{font:17px/1.6 sans-serif;margin:0 auto;max-width:46rem;padding:1.5rem}nav{display:flex;gap:1.5rem}";
  const bodies = {
    "/": `<h1>Intranet</h1><nav><a href="#werk">Werk</a> <a href="#hulp">Hulp</a></nav><main id="werk">${TEXT}</main>${script}`,
    "/plaats": `<h1>Loopbaan</h1><loopbaan-assistent open></loopbaan-assistent><p id="onder">Onder de widget.</p>${script}`,
    // For the screenshots: with a style of its own, which its policy then must allow.
    "/uiterlijk": `<style>${look}</style><h1>Intranet</h1><nav><a href="#werk">Mijn werk</a> <a href="#verlof">Verlof</a> <a href="#hulp">Hulp</a></nav><main id="werk"><h2>Werk en loopbaan</h2>${TEXT}</main>${script}`,
  };
  const server = createServer((request, response) => {
    const body = bodies[request.url];
    if (!body) return response.writeHead(404).end();
    const html = `<!doctype html><html lang="nl"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Intranet</title></head><body>${body}</body></html>`;
    const style = request.url === "/uiterlijk" ? "; style-src 'unsafe-inline'" : "";
    return response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy + style }).end(html);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => (server.close(), server.closeAllConnections()) };
}
