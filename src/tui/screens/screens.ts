import type { Screens } from "../state/update.ts";
import { checkpointScreen } from "./checkpoint/checkpoint.ts";
import { checkpointsScreen } from "./checkpoints/checkpoints.ts";
import { helpScreen } from "./help.ts";
import { hexScreen } from "./hex/hex.ts";
import { textScreen } from "./text.ts";

/** Every kind of screen by its name. The reducer hands each only the states that it made. */
export const screens = {
  checkpoints: checkpointsScreen,
  checkpoint: checkpointScreen,
  help: helpScreen,
  hex: hexScreen,
  text: textScreen,
} as unknown as Screens;
