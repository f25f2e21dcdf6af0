import type { QuestionName } from "../state/questions.ts";
import { answerFile, answerFiles } from "./files.ts";
import type { Handler } from "./handler.ts";
import { answerInspection } from "./inspection.ts";
import { answerListing } from "./listing.ts";
import { answerMounts } from "./mounts.ts";
import { answerOnDisk, answerReopen } from "./on-disk.ts";
import { answerEnvironment, answerProcess, answerProcesses } from "./processes.ts";
import { answerSave } from "./save.ts";
import { answerSecure } from "./secure.ts";
import { answerSocket, answerSockets } from "./sockets.ts";

/** Who answers what. */
export const handlers: { readonly [Name in QuestionName]: Handler<Name> } = {
  environment: answerEnvironment,
  file: answerFile,
  files: answerFiles,
  inspection: answerInspection,
  listing: answerListing,
  mounts: answerMounts,
  onDisk: answerOnDisk,
  process: answerProcess,
  processes: answerProcesses,
  reopen: answerReopen,
  save: answerSave,
  secure: answerSecure,
  socket: answerSocket,
  sockets: answerSockets,
};
