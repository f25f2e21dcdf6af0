// Stands for src/tui/open-tui.ts in the entry: the UI is a script of its own.
import { wholeScript } from "./whole-script.js";

export const openTui = (options) => wholeScript("tui.cjs").openTui(options);
