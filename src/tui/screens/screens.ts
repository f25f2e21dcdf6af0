import type { Screens } from "../state/screen-stack.ts";
import { checkpointScreen } from "./checkpoint/checkpoint.ts";
import { checkpointsScreen } from "./checkpoints/checkpoints.ts";
import { diffScreen } from "./diff/diff.ts";
import { fileScreen } from "./file/file.ts";
import { findingScreen } from "./finding/finding.ts";
import { helpScreen } from "./help.ts";
import { hexScreen } from "./hex/hex.ts";
import { imageScreen } from "./image/image.ts";
import { membersScreen } from "./members/members.ts";
import { mountScreen } from "./mount/mount.ts";
import { needScreen } from "./need/need.ts";
import { newCheckpointScreen } from "./new-checkpoint/new-checkpoint.ts";
import { nodeScreen } from "./node/node.ts";
import { nodesScreen } from "./nodes/nodes.ts";
import { previewScreen } from "./preview/preview.ts";
import { processScreen } from "./process/process.ts";
import { secretScreen } from "./secret/secret.ts";
import { socketScreen } from "./socket/socket.ts";
import { textScreen } from "./text.ts";
import { threadScreen } from "./thread/thread.ts";
import { variableScreen } from "./variable/variable.ts";

/** Every kind of screen by its name. The reducer hands each only the states that it made. */
export const screens = {
  checkpoints: checkpointsScreen,
  checkpoint: checkpointScreen,
  diff: diffScreen,
  file: fileScreen,
  finding: findingScreen,
  help: helpScreen,
  hex: hexScreen,
  image: imageScreen,
  members: membersScreen,
  mount: mountScreen,
  need: needScreen,
  "new-checkpoint": newCheckpointScreen,
  node: nodeScreen,
  nodes: nodesScreen,
  preview: previewScreen,
  process: processScreen,
  secret: secretScreen,
  socket: socketScreen,
  text: textScreen,
  thread: threadScreen,
  variable: variableScreen,
} as unknown as Screens;
