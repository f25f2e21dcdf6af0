import type { QuestionName } from "../state/questions.ts";
import { answerBytes } from "./bytes.ts";
import { answerFile, answerFiles } from "./files.ts";
import { answerFind } from "./find.ts";
import type { Handler } from "./handler.ts";
import { answerInspection } from "./inspection.ts";
import { answerListing } from "./listing.ts";
import { answerMappings } from "./mappings.ts";
import { answerMounts } from "./mounts.ts";
import { answerOnDisk, answerReopen } from "./on-disk.ts";
import { answerEnvironment, answerProcess, answerProcesses } from "./processes.ts";
import { answerRawBytes } from "./raw-bytes.ts";
import { answerSave } from "./save.ts";
import { answerSecure } from "./secure.ts";
import { answerSocket, answerSockets } from "./sockets.ts";
import { answerSpace } from "./space.ts";

/** Who answers what. */
export const handlers: { readonly [Name in QuestionName]: Handler<Name> } = {
  bytes: answerBytes,
  environment: answerEnvironment,
  file: answerFile,
  files: answerFiles,
  find: answerFind,
  inspection: answerInspection,
  listing: answerListing,
  mappings: answerMappings,
  mounts: answerMounts,
  onDisk: answerOnDisk,
  process: answerProcess,
  processes: answerProcesses,
  rawBytes: answerRawBytes,
  reopen: answerReopen,
  save: answerSave,
  secure: answerSecure,
  socket: answerSocket,
  sockets: answerSockets,
  space: answerSpace,
};
