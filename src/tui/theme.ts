import type { Line, Role } from "./view/line.ts";

/** How many colours a terminal shows: none (NO_COLOR), 16, 256, or all (24 bits). */
export type ColourDepth = "none" | "16" | "256" | "true";

export interface Theme {
  /** Escape sequence that begins a role; empty where it looks like plain text. */
  readonly roles: Readonly<Record<Role, string>>;
  /** Begins the row under the cursor. */
  readonly selected: string;
}

const sgr = (parameters: string): string => (parameters === "" ? "" : `\u001b[${parameters}m`);
const reset = "\u001b[0m";

interface Palette {
  accent: string;
  good: string;
  warning: string;
  danger: string;
  dim: string;
  selected: string;
}

// One accent; red for danger and yellow for warnings alone. Without colours, weight and inversion
// are left, and the signs say the rest.
const palettes: Readonly<Record<ColourDepth, Readonly<Record<"dark" | "light", Palette>>>> = {
  none: {
    dark: { accent: "1", good: "", warning: "1", danger: "1", dim: "2", selected: "7" },
    light: { accent: "1", good: "", warning: "1", danger: "1", dim: "2", selected: "7" },
  },
  "16": {
    dark: { accent: "36", good: "32", warning: "33", danger: "31", dim: "90", selected: "7" },
    light: { accent: "34", good: "32", warning: "33", danger: "31", dim: "90", selected: "7" },
  },
  "256": {
    dark: {
      accent: "38;5;80",
      good: "38;5;114",
      warning: "38;5;221",
      danger: "38;5;203",
      dim: "38;5;245",
      selected: "48;5;237",
    },
    light: {
      accent: "38;5;25",
      good: "38;5;28",
      warning: "38;5;94",
      danger: "38;5;160",
      dim: "38;5;242",
      selected: "48;5;253",
    },
  },
  true: {
    dark: {
      accent: "38;2;96;205;210",
      good: "38;2;135;206;138",
      warning: "38;2;240;205;100",
      danger: "38;2;250;110;105",
      dim: "38;2;140;146;155",
      selected: "48;2;52;57;66",
    },
    light: {
      accent: "38;2;0;95;145",
      good: "38;2;20;120;45",
      warning: "38;2;140;95;0",
      danger: "38;2;190;30;35",
      dim: "38;2;105;110;118",
      selected: "48;2;222;228;236",
    },
  },
};

export function makeTheme(depth: ColourDepth, light: boolean): Theme {
  const palette = palettes[depth][light ? "light" : "dark"];
  return {
    roles: {
      plain: "",
      strong: sgr("1"),
      dim: sgr(palette.dim),
      accent: sgr(palette.accent),
      good: sgr(palette.good),
      warning: sgr(palette.warning),
      danger: sgr(palette.danger),
      match: sgr("7"),
      cursor: sgr("7"),
    },
    selected: sgr(palette.selected),
  };
}

/** A line with its colours; its texts were sanitised when it was laid out. */
export function paint({ spans, selected }: Line, theme: Theme): string {
  const ground = selected === true ? theme.selected : "";
  let result = "";
  for (const { text, role } of spans) {
    if (text === "") continue;
    const begin = ground + theme.roles[role ?? "plain"];
    result += begin === "" ? text : `${begin}${text}${reset}`;
  }
  return result;
}

/** How many colours the environment promises. `FORCE_COLOR` and `NO_COLOR` as their users expect. */
export function colourDepth(
  env: Readonly<Record<string, string | undefined>>,
  noColor = false,
): ColourDepth {
  if (noColor || (env["NO_COLOR"] ?? "") !== "") return "none";
  const force = env["FORCE_COLOR"];
  if (force === "0") return "none";
  if (force === "3" || /^(truecolor|24bit)$/.test(env["COLORTERM"] ?? "")) return "true";
  const term = env["TERM"] ?? "";
  if (/-direct$|kitty|alacritty|ghostty/.test(term)) return "true";
  return force === "2" || /256/.test(term) ? "256" : "16";
}

/** `COLORFGBG` (rxvt, Konsole): foreground and background as numbers of the 16 colours. */
export function lightByEnvironment(env: Readonly<Record<string, string | undefined>>): boolean {
  const background = Number((env["COLORFGBG"] ?? "").split(";").at(-1) || Number.NaN);
  return background === 7 || (background > 8 && background < 16);
}
