import type { QuestionName } from "../state/questions.ts";
import type { Handler } from "./handler.ts";
import { answerInspection } from "./inspection.ts";
import { answerListing } from "./listing.ts";
import { answerOnDisk, answerReopen } from "./on-disk.ts";
import { answerSave } from "./save.ts";
import { answerSecure } from "./secure.ts";

/** Who answers what. */
export const handlers: { readonly [Name in QuestionName]: Handler<Name> } = {
  inspection: answerInspection,
  listing: answerListing,
  onDisk: answerOnDisk,
  reopen: answerReopen,
  save: answerSave,
  secure: answerSecure,
};
