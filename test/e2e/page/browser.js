// Speaks the DevTools protocol with a headless Chromium over its pipe: no port, no package.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The browser's program; it is installed where there is none and that can be done. */
export function findChromium() {
  const found = () => names.find((name) => spawnSync(name, ["--version"]).status === 0);
  const there = found();
  if (there !== undefined) return there;
  console.log("no Chromium here: installing it");
  spawnSync("sh", ["-c", "apt-get update && apt-get install -y --no-install-recommends chromium"]);
  return found();
}

/** A browser with a profile of its own. `send` asks, `on` is told of events. */
export class Browser {
  #child;
  #profile = mkdtempSync(join(tmpdir(), "page-"));
  #asked = new Map();
  #listeners = [];
  #rest = "";
  #next = 1;

  constructor(program) {
    const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const flags = ["--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run"];
    this.#child = spawn(
      program,
      [...flags, ...root, "--disable-background-networking", `--user-data-dir=${this.#profile}`],
      { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
    );
    this.#child.stdio[4].setEncoding("utf8").on("data", (chunk) => this.#hear(chunk));
    this.#child.on("exit", (code) => {
      for (const { reject } of this.#asked.values()) reject(new Error(`Chromium ended: ${code}`));
    });
  }

  send(method, params = {}, sessionId = undefined) {
    const id = this.#next++;
    this.#child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.#asked.set(id, { resolve, reject, method }));
  }

  on(listener) {
    this.#listeners.push(listener);
  }

  #hear(chunk) {
    const messages = (this.#rest + chunk).split("\0");
    this.#rest = messages.pop();
    for (const message of messages.map((text) => JSON.parse(text))) {
      if (message.id === undefined) {
        for (const listener of this.#listeners) listener(message);
        continue;
      }
      const { resolve, reject, method } = this.#asked.get(message.id);
      this.#asked.delete(message.id);
      if (message.error) reject(new Error(`${method}: ${message.error.message}`));
      else resolve(message.result);
    }
  }

  async close() {
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    await this.send("Browser.close").catch(() => {});
    await gone;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Opens a page as somebody would: `width` columns of pixels, in a light or dark room, or on paper.
 * Returns what it requested, what it complained of, and a way to ask it.
 */
export async function openPage(browser, url, { width, height, scheme, media = "" }) {
  const { targetId } = await browser.send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await browser.send("Target.attachToTarget", { targetId, flatten: true });
  const ask = (method, params) => browser.send(method, params, sessionId);
  const requests = [];
  const complaints = [];
  const loaded = new Promise((resolve) =>
    browser.on(({ method, params, sessionId: from }) => {
      if (from !== sessionId) return;
      if (method === "Network.requestWillBeSent") requests.push(params.request.url);
      if (method === "Log.entryAdded") complaints.push(params.entry.text);
      if (method === "Runtime.consoleAPICalled") complaints.push("a script ran");
      if (method === "Page.javascriptDialogOpening") complaints.push("a script opened a dialog");
      if (method === "Page.loadEventFired") resolve();
    }),
  );
  for (const domain of ["Network", "Log", "Page", "Runtime"]) await ask(`${domain}.enable`);
  const features = [{ name: "prefers-color-scheme", value: scheme }];
  await ask("Emulation.setDeviceMetricsOverride", {
    width,
    height,
    deviceScaleFactor: 1,
    mobile: false,
  });
  await ask("Emulation.setEmulatedMedia", { media, features });
  await ask("Page.navigate", { url });
  await loaded;
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await ask("Runtime.evaluate", {
      expression,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description);
    return result.value;
  };
  const close = () => browser.send("Target.closeTarget", { targetId });
  return { ask, evaluate, requests, complaints, close };
}
