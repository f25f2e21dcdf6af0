import type { Input } from "./input.ts";

/** Inputs that are whole, and the beginning of one that is not. */
export interface Decoded {
  inputs: Input[];
  rest: string;
}

/** Longest sequence that we wait for the end of; a longer one is no answer of a terminal. */
const longestSequence = 256;
/** A paste is collected until its end, up to this many characters. */
const longestPaste = 64 * 1024;

const esc = "\u001b";
const pasteEnd = `${esc}[201~`;

/**
 * Decodes what a terminal sent. Unknown sequences are dropped whole, so that none of their letters
 * is taken for a key; mouse bytes are filtered before keys are looked for.
 * @param text what came, after what was left of the call before.
 */
export function decode(text: string): Decoded {
  const inputs: Input[] = [];
  let at = 0;
  while (at < text.length) {
    const step = text[at] === esc ? sequence(text, at) : character(text, at);
    if (step === undefined) return { inputs, rest: text.slice(at) };
    if (step.input !== undefined) inputs.push(step.input);
    at = step.next;
  }
  return { inputs, rest: "" };
}

/** What an unfinished beginning means when nothing follows it: a lone ESC is the key. */
export function settle(rest: string): Input[] {
  if (rest === esc) return [key("esc")];
  // Esc and a letter that could have begun a sequence.
  return rest === `${esc}[` || rest === `${esc}O` ? [key("esc"), key(rest[1] ?? "")] : [];
}

interface Step {
  input: Input | undefined;
  next: number;
}

const key = (name: string): Input => ({ type: "key", key: name });

const controls: Readonly<Record<number, string>> = {
  8: "backspace",
  9: "tab",
  10: "enter",
  13: "enter",
  32: "space",
  127: "backspace",
};

function nameOf(codePoint: number): string | undefined {
  const known = controls[codePoint];
  if (known !== undefined) return known;
  if (codePoint > 0 && codePoint <= 26) return `ctrl-${String.fromCodePoint(codePoint + 96)}`;
  // NUL is Ctrl-Space; 28 to 31 and C1 are keys that no table of ours binds.
  return codePoint < 32 || (codePoint >= 128 && codePoint < 160)
    ? undefined
    : String.fromCodePoint(codePoint);
}

function character(text: string, at: number): Step {
  const codePoint = text.codePointAt(at) ?? 0;
  const name = nameOf(codePoint);
  return {
    input: name === undefined ? undefined : key(name),
    next: at + (codePoint > 0xffff ? 2 : 1),
  };
}

/** One escape sequence from `at`; undefined where its end has not come yet. */
function sequence(text: string, at: number): Step | undefined {
  const second = text[at + 1];
  if (second === undefined) return undefined;
  if (second === "[") return csi(text, at);
  if (second === "O") return ss3(text, at);
  if (second === "]" || second === "P" || second === "_" || second === "^") return report(text, at);
  // Nothing is bound to Alt, so this is somebody who typed Esc and was quick with the next key.
  return { input: key("esc"), next: at + 1 };
}

function unfinished(text: string, at: number): Step | undefined {
  return text.length - at > longestSequence ? { input: undefined, next: text.length } : undefined;
}

function csi(text: string, at: number): Step | undefined {
  if (text.startsWith(`${esc}[200~`, at)) return paste(text, at);
  // The oldest mouse protocol sends three raw bytes after M.
  if (text[at + 2] === "M") {
    return text.length < at + 6 ? unfinished(text, at) : { input: undefined, next: at + 6 };
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  const match = /^\u001b\[([<=>?]?)([0-9;:]*)([ -/]*)([@-~])/.exec(
    text.slice(at, at + longestSequence),
  );
  if (match === null) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
    const whole = /^\u001b\[[0-?]*[ -/]*$/.test(text.slice(at, at + longestSequence + 1));
    return whole ? unfinished(text, at) : { input: undefined, next: at + 2 };
  }
  const [all, mark = "", parameters = "", , final = ""] = match;
  const next = at + all.length;
  if (mark === "<") return { input: mouse(parameters, final), next };
  if (mark !== "") return { input: undefined, next };
  return { input: named(parameters, final), next };
}

const finals: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
  P: "f1",
  Q: "f2",
  R: "f3",
  S: "f4",
};

const tildes: Readonly<Record<string, string>> = {
  1: "home",
  3: "delete",
  4: "end",
  5: "pgup",
  6: "pgdn",
  7: "home",
  8: "end",
  11: "f1",
  12: "f2",
  13: "f3",
  14: "f4",
  15: "f5",
  17: "f6",
  18: "f7",
  19: "f8",
  20: "f9",
  21: "f10",
  23: "f11",
  24: "f12",
};

function named(parameters: string, final: string): Input | undefined {
  if (final === "Z") return key("shift-tab");
  const [first = "", second = "1"] = parameters.split(";");
  const name = final === "~" ? tildes[first] : finals[final];
  if (name === undefined) return undefined;
  // 1 plus a bit each for shift, alt, ctrl.
  const bits = Number.parseInt(second, 10) - 1;
  if (bits & 4) return key(`ctrl-${name}`);
  if (bits & 2) return key(`alt-${name}`);
  return key(bits & 1 ? `shift-${name}` : name);
}

function ss3(text: string, at: number): Step | undefined {
  const final = text[at + 2];
  if (final === undefined) return undefined;
  const name = finals[final];
  return { input: name === undefined ? undefined : key(name), next: at + 3 };
}

function mouse(parameters: string, final: string): Input | undefined {
  const [button = 0, column = 0, row = 0] = parameters.split(";").map(Number);
  const where = { column: column - 1, row: row - 1 };
  if (button === 64) return { type: "mouse", event: "wheel-up", ...where };
  if (button === 65) return { type: "mouse", event: "wheel-down", ...where };
  return button === 0 && final === "M" ? { type: "mouse", event: "click", ...where } : undefined;
}

function paste(text: string, at: number): Step | undefined {
  const begin = at + 6;
  const end = text.indexOf(pasteEnd, begin);
  if (end === -1 && text.length - begin < longestPaste) return undefined;
  const stop = end === -1 ? text.length : end;
  return {
    input: { type: "paste", text: text.slice(begin, Math.min(stop, begin + longestPaste)) },
    next: end === -1 ? stop : end + pasteEnd.length,
  };
}

/** OSC, DCS, APC and PM: answers of a terminal, ended by BEL or ST. */
function report(text: string, at: number): Step | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences end with one
  const end = /\u0007|\u001b\\/.exec(text.slice(at + 2, at + 2 + longestSequence));
  if (end === null) return unfinished(text, at);
  const body = text.slice(at + 2, at + 2 + end.index);
  return {
    input: text[at + 1] === "]" ? background(body) : undefined,
    next: at + 2 + end.index + end[0].length,
  };
}

/** `11;rgb:RRRR/GGGG/BBBB`: the answer to OSC 11, with one to four hexadecimal digits a colour. */
function background(body: string): Input | undefined {
  const match = /^11;rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})/i.exec(body);
  if (match === null) return undefined;
  const [red = 0, green = 0, blue = 0] = match
    .slice(1, 4)
    .map((digits) => Number.parseInt(digits, 16) / (16 ** digits.length - 1));
  // Relative luminance without its gamma: enough to tell paper from night.
  return { type: "background", light: 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5 };
}
