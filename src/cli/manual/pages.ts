import { auditPage } from "../commands/audit/manual.ts";
import { checkpointPage } from "../commands/checkpoint/manual.ts";
import { completionPage } from "../commands/completion/manual.ts";
import { decodePage } from "../commands/decode/manual.ts";
import { diffPage } from "../commands/diff/manual.ts";
import { encodePage } from "../commands/encode/manual.ts";
import { envPage } from "../commands/env/manual.ts";
import { explainPage } from "../commands/explain/manual.ts";
import { extractPage } from "../commands/extract/manual.ts";
import { filesPage } from "../commands/files/manual.ts";
import { imagesPage } from "../commands/images/manual.ts";
import { inspectPage } from "../commands/inspect/manual.ts";
import { listPage } from "../commands/list/manual.ts";
import { memoryPages } from "../commands/memory/manual.ts";
import { mountsPage } from "../commands/mounts/manual.ts";
import { nodePage } from "../commands/node/manual.ts";
import { openPage } from "../commands/open/manual.ts";
import { psPage } from "../commands/ps/manual.ts";
import { restorePages } from "../commands/restore/manual.ts";
import { securePage } from "../commands/secure/manual.ts";
import { socketsPage } from "../commands/sockets/manual.ts";
import { programPage } from "./common.ts";
import type { ManualPage } from "./page.ts";

/** The page of each command, by the words that call it; the program's own has none. */
export const manualPages: Readonly<Record<string, ManualPage>> = {
  "": programPage,
  open: openPage,
  list: listPage,
  inspect: inspectPage,
  images: imagesPage,
  ps: psPage,
  env: envPage,
  files: filesPage,
  sockets: socketsPage,
  mounts: mountsPage,
  decode: decodePage,
  encode: encodePage,
  ...memoryPages,
  node: nodePage,
  audit: auditPage,
  extract: extractPage,
  diff: diffPage,
  checkpoint: checkpointPage,
  ...restorePages,
  explain: explainPage,
  secure: securePage,
  completion: completionPage,
};
