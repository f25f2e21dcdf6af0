/** What a terminal sends us, decoded. */
export type Input =
  /** A key by its name: `a`, `A`, `space`, `enter`, `ctrl-f`, `shift-tab`, `f1`. */
  | { type: "key"; key: string }
  /** Text that was pasted, as it came. */
  | { type: "paste"; text: string }
  /** A mouse event; only where the mouse was switched on. Column and row count from 0. */
  | { type: "mouse"; event: "click" | "wheel-up" | "wheel-down"; column: number; row: number }
  /** The terminal's answer to the question for its background. */
  | { type: "background"; light: boolean };

/** A key as people write it: `Ctrl-F`, `⏎`, `Shift-Tab`. */
export function keyLabel(key: string): string {
  const known = labels[key];
  if (known !== undefined) return known;
  const control = /^(ctrl|alt|shift)-(.+)$/.exec(key);
  if (control !== null) {
    const [, modifier = "", rest = ""] = control;
    return `${modifier[0]?.toUpperCase()}${modifier.slice(1)}-${labels[rest] ?? rest.toUpperCase()}`;
  }
  return /^f\d+$/.test(key) ? key.toUpperCase() : key;
}

const labels: Readonly<Record<string, string>> = {
  enter: "⏎",
  tab: "Tab",
  esc: "Esc",
  backspace: "⌫",
  delete: "Del",
  space: "Space",
  up: "↑",
  down: "↓",
  left: "←",
  right: "→",
  home: "Home",
  end: "End",
  pgup: "PgUp",
  pgdn: "PgDn",
};
