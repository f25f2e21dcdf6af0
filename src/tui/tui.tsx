import { type Instance, render } from "ink";
import { Screen } from "./components/screen.tsx";
import type { Engine, EngineMaker } from "./effects/engine.ts";
import { decode, settle } from "./keys/decode.ts";
import { screens } from "./screens/screens.ts";
import type { App, Effect, Message, Next } from "./state/app.ts";
import { worldOf } from "./state/layout.ts";
import type { NewScreen } from "./state/screen.ts";
import { Reducer } from "./state/update.ts";
import { Canvas } from "./terminal/canvas.ts";
import { processTerminal } from "./terminal/process-terminal.ts";
import { askBackground, copySequence, longestCopy, mouseOn } from "./terminal/sequences.ts";
import type { Terminal } from "./terminal/terminal.ts";
import {
  type ColourDepth,
  colourDepth,
  lightByEnvironment,
  makeTheme,
  type Theme,
} from "./theme.ts";

export interface TuiOptions {
  /** Screens to begin with, the last on top. */
  first: readonly NewScreen[];
  colours: ColourDepth;
  /** Does the mouse move and scroll? The terminal's own selecting of text is lost then. */
  mouse: boolean;
  /** Nothing outside is changed: no key that would is bound. */
  readonly: boolean;
  makeEngine: EngineMaker;
}

interface RunOptions extends Omit<TuiOptions, "colours"> {
  noColor: boolean;
}

/** Runs the UI on the terminal of this process. */
export function runTui({ noColor, ...options }: RunOptions): Promise<number> {
  const terminal = processTerminal();
  return new Tui(terminal, { ...options, colours: colourDepth(terminal.env, noColor) }).run();
}

/** Milliseconds after which a lone ESC is the key and not the beginning of a sequence. */
export const escapeTime = 30;
/** Milliseconds that the first frame waits for the first answer: drawing two would take longer. */
const firstWait = 80;
/** Milliseconds between frames, so that answers in quick succession are drawn together. */
const frameTime = 16;

/** The running UI: the one place where state changes, frames are drawn and effects are started. */
export class Tui {
  readonly #terminal: Terminal;
  readonly #options: TuiOptions;
  readonly #reducer = new Reducer(screens);
  readonly #canvas: Canvas;
  readonly #engine: Engine;
  #app: App;
  #theme: Theme;
  #ink: Instance | undefined;
  #rest = "";
  #escape: NodeJS.Timeout | undefined;
  #frame: NodeJS.Timeout | undefined;
  /** When the last frame was drawn. */
  #drawn = 0;
  #stopClock: () => void = () => {};
  #end: (code: number) => void = () => {};
  #fail: (error: unknown) => void = () => {};

  constructor(terminal: Terminal, options: TuiOptions) {
    this.#terminal = terminal;
    this.#options = options;
    const size = terminal.size();
    this.#canvas = new Canvas(size, (text) => terminal.write(text));
    this.#theme = makeTheme(options.colours, lightByEnvironment(terminal.env));
    // Questions are asked before the terminal is taken over: reading and loading go side by side.
    this.#engine = options.makeEngine((said) => this.#send(said));
    const { readonly } = options;
    const start = this.#reducer.start({ size, now: terminal.now(), readonly }, options.first);
    this.#app = start.app;
    this.#perform(start.effects);
  }

  /** What the UI shows; for tests. */
  get app(): App {
    return this.#app;
  }

  /**
   * Runs until the user quits or a signal ends it.
   * @returns the exit code.
   */
  async run(): Promise<number> {
    const ended = new Promise<number>((resolve, reject) => {
      this.#end = resolve;
      this.#fail = reject;
    });
    try {
      this.#terminal.enter({
        input: (text) => this.#input(text),
        resized: () => this.#resized(),
        resumed: () => this.#resized(),
        ended: (code) => this.#end(code),
        crashed: (error) => this.#fail(error),
      });
      if (this.#options.colours !== "none") this.#terminal.write(askBackground);
      if (this.#options.mouse) this.#terminal.write(mouseOn);
      this.#stopClock = this.#terminal.everySecond(() =>
        this.#send({ type: "second", now: this.#terminal.now() }),
      );
      const waits = Object.keys(this.#app.pending).length > 0;
      this.#frame = setTimeout(() => this.#draw(), waits ? firstWait : 0);
      return await ended;
    } finally {
      this.#stopClock();
      clearTimeout(this.#frame);
      clearTimeout(this.#escape);
      this.#ink?.unmount();
      this.#terminal.leave();
      await this.#engine.close();
    }
  }

  #input(text: string): void {
    clearTimeout(this.#escape);
    const { inputs, rest } = decode(this.#rest + text);
    this.#rest = rest;
    if (rest !== "") this.#escape = setTimeout(() => this.#settle(), escapeTime);
    for (const input of inputs) {
      if (input.type === "background") this.#background(input.light);
      else this.#send({ type: "input", input });
    }
  }

  /** A paste may take longer than an escape sequence, so only short beginnings are given up. */
  #settle(): void {
    const inputs = settle(this.#rest);
    if (inputs.length === 0) return;
    this.#rest = "";
    for (const input of inputs) this.#send({ type: "input", input });
  }

  #background(light: boolean): void {
    this.#theme = makeTheme(this.#options.colours, light);
    this.#schedule();
  }

  #resized(): void {
    const size = this.#terminal.size();
    this.#canvas.forget(size);
    this.#send({ type: "resized", size });
    this.#draw();
  }

  #send(message: Message): void {
    const { app, effects }: Next = this.#reducer.update(this.#app, message);
    const changed = app !== this.#app;
    this.#app = app;
    this.#perform(effects);
    // What the first frame waited for is there, or somebody types already.
    if (this.#ink === undefined && message.type !== "second") {
      clearTimeout(this.#frame);
      this.#frame = undefined;
    }
    if (changed) this.#schedule();
  }

  #perform(effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.effect) {
        case "ask":
          this.#engine.ask(effect.question, effect.asked);
          break;
        case "drop":
          this.#engine.drop(effect.question);
          break;
        case "copy":
          this.#terminal.write(copySequence(effect.text.slice(0, longestCopy), this.#terminal.env));
          break;
        case "suspend":
          this.#terminal.suspend();
          break;
        case "redraw":
          this.#canvas.forget();
          this.#draw();
          break;
        case "quit":
          this.#end(0);
          break;
      }
    }
  }

  /** At once where nothing was drawn lately, so that a key waits for nothing. */
  #schedule(): void {
    const wait = Math.max(0, this.#drawn + frameTime - performance.now());
    this.#frame ??= setTimeout(() => this.#draw(), wait);
  }

  #draw(): void {
    clearTimeout(this.#frame);
    this.#frame = undefined;
    this.#drawn = performance.now();
    const top = this.#app.stack.at(-1);
    if (top === undefined) return;
    const screen = screens[top.kind];
    if (screen === undefined) return;
    const element = (
      <Screen
        app={this.#app}
        view={screen.view(top.state, worldOf(this.#app))}
        crumbs={this.#app.stack.map(({ kind, state }) => screens[kind]?.crumb(state) ?? kind)}
        scopes={this.#reducer.scopes(this.#app)}
        theme={this.#theme}
      />
    );
    if (this.#ink === undefined) this.#ink = this.#mount(element);
    else this.#ink.rerender(element);
  }

  /**
   * Ink writes whole frames to the canvas (`debug` is its name for that), which writes what
   * changed; it neither reads keys nor patches the console here.
   */
  #mount(element: React.ReactElement): Instance {
    return render(element, {
      stdout: this.#canvas as unknown as NodeJS.WriteStream,
      stdin: silentInput as unknown as NodeJS.ReadStream,
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
    });
  }
}

/** Ink's keys are not used: a table of ours reads them, so Ink gets an input that never speaks. */
const silentInput = { isTTY: false, on: () => {}, off: () => {} };
