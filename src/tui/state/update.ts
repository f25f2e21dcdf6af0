import { commandOf, readonlyScopes, type Scope, withoutKeys } from "../keys/binding.ts";
import type { Input } from "../keys/input.ts";
import { everywhere } from "../keys/table.ts";
import type { App, Message, Next } from "./app.ts";
import { meantBy } from "./command-line.ts";
import { completions } from "./commands.ts";
import { headRows } from "./layout.ts";
import { andThen, flashed, only } from "./next.ts";
import { readSlotKey, settled, sweep } from "./pending.ts";
import { edits, typeInto } from "./prompt.ts";
import { saved, savePath, savePrompt, saveSlot, startSaving } from "./saving.ts";
import type { NewScreen, ScreenEvent } from "./screen.ts";
import { prompted, ScreenStack, type Screens } from "./screen-stack.ts";

/** Entered texts that are kept for each prompt. */
const longestHistory = 50;
/** Rows that a step of the wheel moves. */
const wheelRows = 3;

/** The reducer of the whole UI: what happens, and what is to be done about it. */
export class Reducer {
  readonly #stack: ScreenStack;

  constructor(screens: Screens) {
    this.#stack = new ScreenStack(screens);
  }

  /** The UI before anything happened. */
  start(options: Pick<App, "size" | "now" | "readonly">, first: readonly NewScreen[]): Next {
    const app: App = {
      ...options,
      stack: [],
      last: undefined,
      prompt: undefined,
      confirmation: undefined,
      flash: undefined,
      saving: undefined,
      leaving: undefined,
      reveal: false,
      wide: false,
      next: 1,
      pending: {},
      history: {},
    };
    const push = (next: Next, screen: NewScreen): Next =>
      andThen(next, (it) => this.#stack.push(it, screen));
    return first.reduce(push, only(app));
  }

  /** What a message makes of the UI. */
  update(app: App, message: Message): Next {
    return andThen(this.#kept(app, message), sweep);
  }

  /** A screen with something under way goes only when that was agreed to. */
  #kept(app: App, message: Message): Next {
    const next = this.#message(app, message);
    const leaving = app.leaving === undefined ? this.#stack.leaving(app, next) : undefined;
    if (leaving === undefined) return next;
    const confirmation = { what: "leave", screen: 0, ...leaving };
    return only({ ...app, confirmation, leaving: message });
  }

  /** The keys that are live now. */
  scopes(app: App): readonly Scope[] {
    const all = [...this.#stack.scopes(app), everywhere];
    const allowed = app.readonly ? readonlyScopes(all) : all;
    if (!this.#stack.typing(app)) return allowed;
    return withoutKeys(allowed, (key) => edits({ type: "key", key }));
  }

  #message(app: App, message: Message): Next {
    switch (message.type) {
      case "input":
        return this.#input(app, message.input);
      case "resized":
        return this.#stack.tellAll({ ...app, size: message.size }, { type: "world" });
      case "second": {
        const { now } = message;
        const flash = app.flash !== undefined && app.flash.until > now ? app.flash : undefined;
        return this.#stack.tellTop({ ...app, now, flash }, { type: "second" });
      }
      case "answer":
      case "failed":
        return this.#answered(app, message);
    }
  }

  #answered(app: App, message: Extract<Message, { question: number }>): Next {
    const key = Object.keys(app.pending).find((name) => app.pending[name] === message.question);
    // Nobody waits for it any more: the screen is gone, or has asked again since.
    if (key === undefined) return only(app);
    const { screen, slot } = readSlotKey(key);
    const whole = message.type === "failed" || !message.part;
    const next = whole ? settled(app, key) : app;
    if (screen === 0 && slot === saveSlot) return only(saved(next, message));
    const event: ScreenEvent =
      message.type === "failed"
        ? { type: "failed", slot, failure: message.failure }
        : { type: "answer", slot, answer: message.answer, part: message.part };
    return andThen(this.#stack.tell(next, screen, event), (it) => this.#unasked(it));
  }

  /** What has ended of itself need not be agreed to any more. */
  #unasked(app: App): Next {
    if (app.confirmation?.what !== "leave" || this.#stack.holds(app)) return only(app);
    return only({ ...app, confirmation: undefined, leaving: undefined });
  }

  #input(app: App, input: Input): Next {
    if (input.type === "background") return only(app);
    if (app.confirmation !== undefined) return this.#confirming(app, input);
    if (app.prompt !== undefined) return this.#typing(app, input);
    // A message was read by whoever types on; Esc takes it away and does nothing else.
    const read = app.flash === undefined ? app : { ...app, flash: undefined };
    if (input.type === "mouse") return this.#mouse(read, input);
    if (edits(input) && this.#stack.typing(app)) {
      return this.#stack.tellTop(read, { type: "typed", input });
    }
    if (input.type === "paste") return only(read);
    const command = commandOf(input.key, this.scopes(app));
    if (command === undefined || (command === "escape" && read !== app)) return only(read);
    return this.#command(read, command);
  }

  #mouse(app: App, { event, row }: Extract<Input, { type: "mouse" }>): Next {
    if (event === "click") {
      return this.#stack.tellTop(app, { type: "pointed", row: row - headRows });
    }
    const command = event === "wheel-up" ? "up" : "down";
    const step = (it: App): Next => this.#stack.tellTop(it, { type: "command", command });
    return Array.from({ length: wheelRows }).reduce<Next>((next) => andThen(next, step), only(app));
  }

  /** Runs a command of the key table. */
  #command(app: App, command: string): Next {
    switch (command) {
      case "quit":
      case "suspend":
      case "redraw":
        return { app, effects: [{ effect: command }] };
      case "command-line":
        return only(prompted(app, "command", ":", ""));
      case "help":
        return this.#help(app);
      case "reveal":
        return this.#reveal(app);
      case "wide":
        return this.#stack.tellAll({ ...app, wide: !app.wide }, { type: "world" });
      case "last-view":
        return this.#stack.lastView(app);
      case "quit-or-back":
        return app.stack.length > 1 ? this.#stack.pop(app) : this.#command(app, "quit");
      case "back":
        return this.#stack.pop(app);
      case "escape":
        return this.#escape(app);
      default:
        return this.#stack.tellTop(app, { type: "command", command });
    }
  }

  /** Esc first goes to the screen, which may have a filter to clear; what it leaves goes back. */
  #escape(app: App): Next {
    const before = app.stack.at(-1)?.state;
    const next = this.#stack.tellTop(app, { type: "command", command: "clear" });
    const taken =
      next.app.stack.at(-1)?.state !== before ||
      next.app.confirmation !== undefined ||
      next.effects.length > 0;
    return taken ? next : this.#stack.pop(app);
  }

  #help(app: App): Next {
    if (app.stack.at(-1)?.kind === "help") return this.#stack.pop(app);
    return this.#stack.push(app, { kind: "help", argument: this.scopes(app) });
  }

  #reveal(app: App): Next {
    const reveal = !app.reveal;
    const told = reveal
      ? flashed(app, "warning", "secrets are shown")
      : flashed(app, "info", "secrets are masked");
    return this.#stack.tellAll({ ...told, reveal }, { type: "world" });
  }

  #typing(app: App, input: Input): Next {
    const { prompt } = app;
    if (prompt === undefined) return only(app);
    if (prompt.prompt === "command" && input.type === "key" && input.key === "tab") {
      const [first] = completions(prompt.text);
      return only(first === undefined ? app : prompted(app, "command", ":", first));
    }
    const typed = typeInto(prompt, input);
    const own = prompt.prompt === "command" || prompt.prompt === savePrompt;
    const tell = (it: App, text: string | null, done: boolean): Next =>
      own
        ? only(it)
        : this.#stack.tellTop(it, { type: "prompted", prompt: prompt.prompt, text, done });
    if (typed.state === "open") {
      const next = { ...app, prompt: typed.prompt };
      return typed.prompt.text === prompt.text ? only(next) : tell(next, typed.prompt.text, false);
    }
    if (typed.state === "left") {
      return tell({ ...app, prompt: undefined, saving: undefined }, null, true);
    }
    const entered = remembered({ ...app, prompt: undefined }, prompt.prompt, typed.text);
    if (prompt.prompt === savePrompt) return only(savePath(entered, typed.text));
    return own ? this.#commandLine(entered, typed.text) : tell(entered, typed.text, true);
  }

  #commandLine(app: App, text: string): Next {
    const meant = meantBy(text, app);
    switch (meant?.does) {
      case "command":
        return this.#command(app, meant.command);
      case "push":
        return this.#stack.push(app, meant.screen);
      case "unwind":
        return this.#stack.unwind(app, meant.kind, meant.command);
      case "refuse":
        return only(flashed(app, "error", meant.why));
      default:
        return only(app);
    }
  }

  #confirming(app: App, input: Input): Next {
    const { confirmation } = app;
    if (confirmation === undefined || input.type !== "key") return only(app);
    const { leaving } = app;
    const closed: App = { ...app, confirmation: undefined, leaving: undefined };
    if (/^(n|N|esc|q|ctrl-c)$/.test(input.key)) return only({ ...closed, saving: undefined });
    if (!/^(y|Y|enter)$/.test(input.key)) return only(app);
    if (leaving !== undefined) return this.#message(closed, leaving);
    if (confirmation.screen === 0) return startSaving(closed);
    const { what } = confirmation;
    return this.#stack.tell(closed, confirmation.screen, { type: "confirmed", what });
  }
}

function remembered(app: App, prompt: string, text: string): App {
  if (text === "") return app;
  const known = (app.history[prompt] ?? []).filter((entry) => entry !== text);
  const history = { ...app.history, [prompt]: [...known, text].slice(-longestHistory) };
  return { ...app, history };
}
