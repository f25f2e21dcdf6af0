import type { Scope } from "../keys/binding.ts";
import type { App, Next, Stacked } from "./app.ts";
import { worldOf } from "./layout.ts";
import { andThen, flashed, only } from "./next.ts";
import { ask, drop, slotKey } from "./pending.ts";
import { openPrompt } from "./prompt.ts";
import { savePrompt } from "./saving.ts";
import type { Act, Leaving, NewScreen, Screen, ScreenEvent, Step } from "./screen.ts";

/** Screens by their kinds. Each is handed back only the states that it made itself. */
export type Screens = Readonly<Record<string, Screen<unknown, unknown>>>;

/** Tells screens what happens to them, and does what they want done. */
export class ScreenStack {
  readonly #screens: Screens;

  constructor(screens: Screens) {
    this.#screens = screens;
  }

  /** The keys of the screen on top. */
  scopes({ stack }: App): readonly Scope[] {
    const top = stack.at(-1);
    return top === undefined ? [] : this.#screen(top.kind).scopes(top.state);
  }

  /** Does what is typed belong to the screen on top? */
  typing({ stack }: App): boolean {
    const top = stack.at(-1);
    return top !== undefined && this.#screen(top.kind).typing?.(top.state) === true;
  }

  /** What a step from one state to the next would end, and has to be agreed to. */
  leaving(before: App, { app, effects }: Next): Leaving | undefined {
    const all = effects.some(({ effect }) => effect === "quit");
    const gone = before.stack.filter(({ id }) => all || app.stack.every((it) => it.id !== id));
    for (const { kind, state } of gone.reverse()) {
      const leaving = this.#screen(kind).leaving?.(state, worldOf(before));
      if (leaving !== undefined) return leaving;
    }
    return undefined;
  }

  /** Is anything under way that a screen would end? */
  holds(app: App): boolean {
    return app.stack.some(
      ({ kind, state }) => this.#screen(kind).leaving?.(state, worldOf(app)) !== undefined,
    );
  }

  push(app: App, { kind, argument }: NewScreen): Next {
    const id = app.next;
    const { state, acts } = this.#screen(kind).open(argument, worldOf(app));
    const stack = [...app.stack, { id, kind, state }];
    return this.#act({ ...app, stack, next: id + 1, last: undefined }, id, acts);
  }

  /** The first screen stays. */
  pop(app: App): Next {
    if (app.stack.length <= 1) return only(app);
    const stack = app.stack.slice(0, -1);
    const below = { ...app, stack, last: undefined, flash: undefined };
    return this.tellTop(below, { type: "shown" });
  }

  /** Goes back to the nearest screen of a kind, and gives it a command. */
  unwind(app: App, kind: string, command: string | undefined): Next {
    const at = app.stack.findLastIndex((entry) => entry.kind === kind);
    if (at === -1) return only(flashed(app, "error", "open a checkpoint first"));
    const stack = app.stack.slice(0, at + 1);
    const back = this.tellTop({ ...app, stack, last: app.stack }, { type: "shown" });
    if (command === undefined) return back;
    return andThen(back, (it) => this.tellTop(it, { type: "command", command }));
  }

  /** Goes to the screens that the last jump left. */
  lastView(app: App): Next {
    if (app.last === undefined) return only(flashed(app, "info", "no screen before this one"));
    return this.tellTop({ ...app, stack: app.last, last: app.stack }, { type: "shown" });
  }

  tellTop(app: App, event: ScreenEvent): Next {
    const top = app.stack.at(-1);
    return top === undefined ? only(app) : this.tell(app, top.id, event);
  }

  tellAll(app: App, event: ScreenEvent): Next {
    const tell = (next: Next, { id }: Stacked): Next =>
      andThen(next, (it) => this.tell(it, id, event));
    return app.stack.reduce(tell, only(app));
  }

  /** Tells a screen by its number; one that is gone hears nothing. */
  tell(app: App, id: number, event: ScreenEvent): Next {
    const stacked = app.stack.find((entry) => entry.id === id);
    if (stacked === undefined) return only(app);
    const screen = this.#screen(stacked.kind);
    const step: Step<unknown> = screen.update(stacked.state, event, worldOf(app));
    const stack = app.stack.map((entry) =>
      entry.id === id && entry.state !== step.state ? { ...entry, state: step.state } : entry,
    );
    return this.#act({ ...app, stack }, id, step.acts);
  }

  #screen(kind: string): Screen<unknown, unknown> {
    const screen = this.#screens[kind];
    if (screen === undefined) throw new Error(`there is no screen of the kind ${kind}`);
    return screen;
  }

  #act(app: App, id: number, acts: readonly Act[] = []): Next {
    const one = (next: Next, act: Act): Next => andThen(next, (it) => this.#one(it, id, act));
    return acts.reduce(one, only(app));
  }

  #one(app: App, id: number, act: Act): Next {
    switch (act.act) {
      case "ask":
        return ask(app, slotKey(id, act.slot), act.question);
      case "drop":
        return drop(app, slotKey(id, act.slot));
      case "push":
        return this.push(app, act.screen);
      case "pop":
        return this.pop(app);
      case "flash":
        return only(flashed(app, act.level, act.text));
      case "prompt":
        return only(prompted(app, act.prompt, act.label, act.text));
      case "confirm": {
        const { what, title, lines, yes } = act;
        return only({ ...app, confirmation: { what, screen: id, title, lines, yes } });
      }
      case "copy":
        return {
          app: flashed(app, "info", `copied ${act.what}`),
          effects: [{ effect: "copy", text: act.text }],
        };
      case "save": {
        const saving = { content: act.content, path: act.name };
        return only(prompted({ ...app, saving }, savePrompt, "save as ", act.name));
      }
    }
  }
}

/** The state in which a prompt is open, with what was entered in such a one before. */
export function prompted(app: App, prompt: string, label: string, text: string): App {
  return { ...app, prompt: openPrompt(prompt, label, text, app.history[prompt] ?? []) };
}
