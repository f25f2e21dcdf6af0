// What the UI's thread is started with: as little as takes the rest through its code cache.
import { wholeScript } from "./whole-script.js";

wholeScript("tui-worker.cjs");
