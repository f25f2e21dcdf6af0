import { formatCount } from "../../base/units.ts";
import { commandOf, readonlyScopes, type Scope } from "../keys/binding.ts";
import type { Input } from "../keys/input.ts";
import { everywhere } from "../keys/table.ts";
import type { App, Message, Next, Stacked } from "./app.ts";
import { slotKey } from "./app.ts";
import { completions, readCommand } from "./commands.ts";
import { worldOf } from "./layout.ts";
import { openPrompt, type } from "./prompt.ts";
import type { Act, FlashLevel, NewScreen, Screen, ScreenEvent, Step } from "./screen.ts";

/** Screens by their kinds. Each is handed back only the states that it made itself. */
export type Screens = Readonly<Record<string, Screen<unknown, unknown>>>;

/** Milliseconds that a message stays. */
const flashTime = 6000;
/** Entered texts that are kept for each prompt. */
const longestHistory = 50;

/** The reducer of the whole UI: what happens, and what is to be done about it. */
export class Reducer {
  readonly #screens: Screens;

  constructor(screens: Screens) {
    this.#screens = screens;
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
      reveal: false,
      wide: false,
      next: 1,
      pending: {},
      history: {},
    };
    return first.reduce<Next>((next, screen) => then(next, (it) => this.#push(it, screen)), {
      app,
      effects: [],
    });
  }

  /** What a message makes of the UI. */
  update(app: App, message: Message): Next {
    switch (message.type) {
      case "input":
        return this.#input(app, message.input);
      case "resized":
        return this.#tellAll({ ...app, size: message.size }, { type: "world" });
      case "second": {
        const flash =
          app.flash !== undefined && app.flash.until > message.now ? app.flash : undefined;
        return this.#tellTop({ ...app, now: message.now, flash }, { type: "second" });
      }
      case "answer":
      case "failed":
        return this.#answered(app, message);
    }
  }

  /** The keys that are live now. */
  scopes(app: App): readonly Scope[] {
    const top = app.stack.at(-1);
    const own = top === undefined ? [] : this.#screen(top.kind).scopes(top.state);
    const all = [...own, everywhere];
    return app.readonly ? readonlyScopes(all) : all;
  }

  #screen(kind: string): Screen<unknown, unknown> {
    const screen = this.#screens[kind];
    if (screen === undefined) throw new Error(`there is no screen of the kind ${kind}`);
    return screen;
  }

  #answered(app: App, message: Extract<Message, { question: number }>): Next {
    const key = Object.keys(app.pending).find((name) => app.pending[name] === message.question);
    // Nobody waits for it any more: the screen is gone, or has asked again since.
    if (key === undefined) return { app, effects: [] };
    const [screen = "", ...words] = key.split(" ");
    const slot = words.join(" ");
    const whole = message.type === "failed" || !message.part;
    const pending = whole ? without(app.pending, key) : app.pending;
    if (slot === saveSlot) return this.#saved({ ...app, pending }, message);
    const event: ScreenEvent =
      message.type === "failed"
        ? { type: "failed", slot, failure: message.failure }
        : { type: "answer", slot, answer: message.answer, part: message.part };
    return this.#tell({ ...app, pending }, Number(screen), event);
  }

  #input(app: App, input: Input): Next {
    if (input.type === "background") return { app, effects: [] };
    if (app.confirmation !== undefined) return this.#confirming(app, input);
    if (app.prompt !== undefined) return this.#typing(app, input);
    if (input.type === "paste") return { app, effects: [] };
    const key = input.type === "mouse" ? mouseKeys[input.event] : input.key;
    const command = key === undefined ? undefined : commandOf(key, this.scopes(app));
    // A message was read by whoever types on; Esc takes it away and does nothing else.
    if (app.flash !== undefined) {
      const read = { ...app, flash: undefined };
      if (command === undefined || command === "escape") return { app: read, effects: [] };
      return this.command(read, command);
    }
    return command === undefined ? { app, effects: [] } : this.command(app, command);
  }

  /** Runs a command of the key table. */
  command(app: App, command: string): Next {
    switch (command) {
      case "quit":
        return { app, effects: [{ effect: "quit" }] };
      case "suspend":
        return { app, effects: [{ effect: "suspend" }] };
      case "redraw":
        return { app, effects: [{ effect: "redraw" }] };
      case "command-line":
        return { app: { ...app, prompt: this.#prompt(app, "command", ":", "") }, effects: [] };
      case "help":
        return this.#help(app);
      case "reveal": {
        const reveal = !app.reveal;
        const text = reveal ? "secrets are shown" : "secrets are masked";
        return this.#tellAll(flashed({ ...app, reveal }, reveal ? "warning" : "info", text), {
          type: "world",
        });
      }
      case "wide":
        return this.#tellAll({ ...app, wide: !app.wide }, { type: "world" });
      case "last-view":
        return this.#lastView(app);
      case "quit-or-back":
        return app.stack.length <= 1 ? { app, effects: [{ effect: "quit" }] } : this.#pop(app);
      case "back":
        return this.#pop(app);
      case "escape":
        return this.#escape(app);
      default:
        return this.#tellTop(app, { type: "command", command });
    }
  }

  /** Esc first goes to the screen, which may have a filter to clear; what is left pops. */
  #escape(app: App): Next {
    const before = app.stack.at(-1)?.state;
    const next = this.#tellTop(app, { type: "command", command: "clear" });
    const changed = next.app.stack.at(-1)?.state !== before || next.effects.length > 0;
    return changed ? next : this.#pop(app);
  }

  #help(app: App): Next {
    if (app.stack.at(-1)?.kind === "help") return this.#pop(app);
    return this.#push(app, { kind: "help", argument: this.scopes(app) });
  }

  #lastView(app: App): Next {
    if (app.last === undefined)
      return { app: flashed(app, "info", "no screen before this one"), effects: [] };
    return this.#tellTop({ ...app, stack: app.last, last: app.stack }, { type: "shown" });
  }

  #pop(app: App): Next {
    if (app.stack.length <= 1) return { app, effects: [] };
    const top = app.stack.at(-1) as Stacked;
    const dropped = dropAll(app, top.id);
    const stack = app.stack.slice(0, -1);
    return then(dropped, (it) =>
      this.#tellTop({ ...it, stack, last: undefined, flash: undefined }, { type: "shown" }),
    );
  }

  #push(app: App, { kind, argument }: NewScreen): Next {
    const id = app.next;
    const { state, acts } = this.#screen(kind).open(argument, worldOf(app));
    const stack = [...app.stack, { id, kind, state }];
    return this.#act({ ...app, stack, next: id + 1, last: undefined }, id, acts);
  }

  #tellTop(app: App, event: ScreenEvent): Next {
    const top = app.stack.at(-1);
    return top === undefined ? { app, effects: [] } : this.#tell(app, top.id, event);
  }

  #tellAll(app: App, event: ScreenEvent): Next {
    return app.stack.reduce<Next>((next, { id }) => then(next, (it) => this.#tell(it, id, event)), {
      app,
      effects: [],
    });
  }

  #tell(app: App, id: number, event: ScreenEvent): Next {
    const stacked = app.stack.find((entry) => entry.id === id);
    if (stacked === undefined) return { app, effects: [] };
    const step: Step<unknown> = this.#screen(stacked.kind).update(
      stacked.state,
      event,
      worldOf(app),
    );
    const stack = app.stack.map((entry) =>
      entry.id === id && entry.state !== step.state ? { ...entry, state: step.state } : entry,
    );
    return this.#act({ ...app, stack }, id, step.acts);
  }

  #act(app: App, id: number, acts: readonly Act[] = []): Next {
    return acts.reduce<Next>((next, act) => then(next, (it) => this.#one(it, id, act)), {
      app,
      effects: [],
    });
  }

  #one(app: App, id: number, act: Act): Next {
    switch (act.act) {
      case "ask":
        return ask(app, slotKey(id, act.slot), act.question);
      case "drop":
        return drop(app, slotKey(id, act.slot));
      case "push":
        return this.#push(app, act.screen);
      case "pop":
        return this.#pop(app);
      case "flash":
        return { app: flashed(app, act.level, act.text), effects: [] };
      case "prompt":
        return {
          app: { ...app, prompt: this.#prompt(app, act.prompt, act.label, act.text) },
          effects: [],
        };
      case "confirm": {
        const { what, title, lines, yes } = act;
        return {
          app: { ...app, confirmation: { what, screen: id, title, lines, yes } },
          effects: [],
        };
      }
      case "copy":
        return {
          app: flashed(app, "info", `copied ${act.what}`),
          effects: [{ effect: "copy", text: act.text }],
        };
      case "save":
        return {
          app: {
            ...app,
            saving: { content: act.content, path: act.name },
            prompt: this.#prompt(app, savePrompt, "save as ", act.name),
          },
          effects: [],
        };
    }
  }

  #prompt(app: App, prompt: string, label: string, text: string) {
    return openPrompt(prompt, label, text, app.history[prompt] ?? []);
  }

  #typing(app: App, input: Input): Next {
    const { prompt } = app;
    if (prompt === undefined) return { app, effects: [] };
    if (prompt.prompt === "command" && input.type === "key" && input.key === "tab") {
      const [first] = completions(prompt.text);
      const completed =
        first === undefined ? prompt : openPrompt("command", ":", first, prompt.history);
      return { app: { ...app, prompt: completed }, effects: [] };
    }
    const typed = type(prompt, input);
    if (typed.state === "open") {
      const next = { ...app, prompt: typed.prompt };
      return typed.prompt.text === prompt.text || isOwn(prompt.prompt)
        ? { app: next, effects: [] }
        : this.#prompted(next, prompt.prompt, typed.prompt.text, false);
    }
    const closed: App = { ...app, prompt: undefined };
    if (typed.state === "left") {
      return isOwn(prompt.prompt)
        ? { app: { ...closed, saving: undefined }, effects: [] }
        : this.#prompted(closed, prompt.prompt, null, true);
    }
    return this.#entered(remembered(closed, prompt.prompt, typed.text), prompt.prompt, typed.text);
  }

  #prompted(app: App, prompt: string, text: string | null, done: boolean): Next {
    return this.#tellTop(app, { type: "prompted", prompt, text, done });
  }

  #entered(app: App, prompt: string, text: string): Next {
    if (prompt === savePrompt) return { app: savePath(app, text), effects: [] };
    if (prompt !== "command") return this.#prompted(app, prompt, text, true);
    if (text.trim() === "") return { app, effects: [] };
    const line = readCommand(text);
    if ("unknown" in line) {
      return {
        app: flashed(app, "error", `there is no :${line.unknown}; ? shows what there is`),
        effects: [],
      };
    }
    return this.#commandLine(app, line.word, line.argument);
  }

  #commandLine(app: App, word: string, argument: string): Next {
    if (word === "quit" || word === "help" || word === "reveal" || word === "wide") {
      return this.command(app, word);
    }
    if (word === "sort") {
      return this.#tellTop(app, { type: "command", command: `sort-${argument.toUpperCase()}` });
    }
    if (word === "open") {
      return argument === ""
        ? { app: flashed(app, "error", ":open takes a path"), effects: [] }
        : this.#push(app, { kind: "checkpoints", argument: { path: argument } });
    }
    if (word === "checkpoints") return this.#unwind(app, "checkpoints", undefined);
    if (word === "goto") {
      return this.#tellTop(app, { type: "command", command: `goto ${argument}` });
    }
    return this.#unwind(app, "checkpoint", `tab-${word}`);
  }

  /** Goes back to the nearest screen of a kind, and gives it a command. */
  #unwind(app: App, kind: string, command: string | undefined): Next {
    const at = app.stack.findLastIndex((entry) => entry.kind === kind);
    if (at === -1) return { app: flashed(app, "error", "open a checkpoint first"), effects: [] };
    const last = app.stack;
    const stack = app.stack.slice(0, at + 1);
    const back = this.#tellTop({ ...app, stack, last }, { type: "shown" });
    return command === undefined
      ? back
      : then(back, (it) => this.#tellTop(it, { type: "command", command }));
  }

  #confirming(app: App, input: Input): Next {
    const { confirmation } = app;
    if (confirmation === undefined || input.type !== "key") return { app, effects: [] };
    const closed: App = { ...app, confirmation: undefined };
    if (/^(n|N|esc|q|ctrl-c)$/.test(input.key)) {
      return { app: { ...closed, saving: undefined }, effects: [] };
    }
    if (!/^(y|Y|enter)$/.test(input.key)) return { app, effects: [] };
    if (confirmation.screen === 0) return startSaving(closed);
    return this.#tell(closed, confirmation.screen, {
      type: "confirmed",
      what: confirmation.what,
    });
  }

  #saved(app: App, message: Extract<Message, { question: number }>): Next {
    const [level, text] = savedText(message, app.saving?.path ?? "");
    return { app: { ...flashed(app, level, text), saving: undefined }, effects: [] };
  }
}

const savePrompt = "save";
const saveSlot = "save";

const mouseKeys: Readonly<Record<string, string>> = { "wheel-up": "up", "wheel-down": "down" };

/** Prompts whose text no screen follows while it is typed. */
function isOwn(prompt: string): boolean {
  return prompt === "command" || prompt === savePrompt;
}

function then(next: Next, more: (app: App) => Next): Next {
  const { app, effects } = more(next.app);
  return { app, effects: [...next.effects, ...effects] };
}

function flashed(app: App, level: "info" | "warning" | "error", text: string): App {
  return { ...app, flash: { level, text, until: app.now + flashTime } };
}

function remembered(app: App, prompt: string, text: string): App {
  if (text === "") return app;
  const known = (app.history[prompt] ?? []).filter((entry) => entry !== text);
  const history = { ...app.history, [prompt]: [...known, text].slice(-longestHistory) };
  return { ...app, history };
}

function ask(app: App, key: string, asked: Extract<Act, { act: "ask" }>["question"]): Next {
  const dropped = drop(app, key);
  const question = dropped.app.next;
  return {
    app: {
      ...dropped.app,
      next: question + 1,
      pending: { ...dropped.app.pending, [key]: question },
    },
    effects: [...dropped.effects, { effect: "ask", question, asked }],
  };
}

function drop(app: App, key: string): Next {
  const question = app.pending[key];
  if (question === undefined) return { app, effects: [] };
  return {
    app: { ...app, pending: without(app.pending, key) },
    effects: [{ effect: "drop", question }],
  };
}

function dropAll(app: App, screen: number): Next {
  const keys = Object.keys(app.pending).filter((key) => key.startsWith(`${screen} `));
  return keys.reduce<Next>((next, key) => then(next, (it) => drop(it, key)), { app, effects: [] });
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _, ...rest } = record;
  return rest;
}

function savedText(
  message: Extract<Message, { question: number }>,
  path: string,
): [level: FlashLevel, text: string] {
  if (message.type === "failed") return ["error", message.failure.message];
  const unknown = message.answer.of === "save" ? message.answer.value.unknown : 0;
  return unknown === 0
    ? ["info", `saved ${path}`]
    : [
        "warning",
        `saved ${path}; ${formatCount(unknown)} bytes of it are not in the dump, and zero`,
      ];
}

/** A path was typed: what is written leaves the archive, so it is confirmed. */
function savePath(app: App, path: string): App {
  if (app.saving === undefined || path.trim() === "") return { ...app, saving: undefined };
  return {
    ...app,
    saving: { ...app.saving, path },
    confirmation: {
      what: "save",
      screen: 0,
      title: "Save",
      lines: [
        `Write ${path}`,
        "It holds what was in the container's memory or files, unmasked.",
        "The file is new and only its owner can read it (0600).",
      ],
      yes: "save",
    },
  };
}

function startSaving(app: App): Next {
  if (app.saving === undefined) return { app, effects: [] };
  return ask(app, slotKey(0, saveSlot), { of: "save", ...app.saving });
}
