// Stands for src/tui/built-worker.ts: a thread starts from a text, as there is no file.
import { script } from "../built-files.js";

export const builtWorker = () => script("thread.js").text;
