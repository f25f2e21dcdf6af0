import { ProblemLog } from "../base/problem.ts";
import { sanitize } from "../base/text.ts";
import { fileTypeOf } from "../criu/files/file-mode.ts";
import { GhostContent, type GhostFile, readGhost } from "../criu/files/ghost.ts";
import { parseImageName } from "../criu/image-name.ts";
import type { Checkpoint } from "./checkpoint.ts";

/** A deleted file with its content. */
export interface DeletedFile {
  /** `ghost-ID-BASENAME`, the number as in the name of its image; one step, without controls. */
  name: string;
  /** Where it was inside the container; undefined where nobody has it open. */
  path: string | undefined;
  ghost: GhostFile;
  /** `file`, `symlink`, …; only files have content. */
  type: string;
  content: GhostContent | undefined;
}

/** All deleted files whose content is in the archive, those too that no open file names. */
export async function deletedFiles(checkpoint: Checkpoint): Promise<DeletedFile[]> {
  const { images } = checkpoint;
  if (images === undefined) return [];
  const ghosts = new Map<number, { ghost: GhostFile; path: string | undefined }>();
  for (const { deleted, path } of (await checkpoint.files()).files) {
    if (deleted?.how !== "ghost" || deleted.ghost === undefined) continue;
    if (!ghosts.has(deleted.id)) ghosts.set(deleted.id, { ghost: deleted.ghost, path });
  }
  const problems = new ProblemLog();
  for (const name of images.names()) {
    const image = parseImageName(name);
    if (image?.idKind !== "ghost" || image.id === undefined || ghosts.has(image.id)) continue;
    const ghost = await readGhost({ folder: images, problems }, image.id);
    if (ghost !== undefined) ghosts.set(image.id, { ghost, path: undefined });
  }
  checkpoint.tell(problems);
  return [...ghosts.values()].map(({ ghost, path }) => {
    const type = fileTypeOf(ghost.mode) ?? "unknown";
    const source = type === "file" ? images.open(ghost.image) : undefined;
    const content = source === undefined ? undefined : new GhostContent(ghost, source);
    const name = plainName(`ghost-${ghost.id.toString(16)}`, path);
    return { name, path, ghost, type, content };
  });
}

/** Linux allows 255 bytes for a name. */
const longestBase = 200;

/** A name of one step for what is written: a prefix, and the last step of a path of the container. */
export function plainName(prefix: string, path: string | undefined): string {
  const whole = path ?? "";
  // Escapes stand for what would move a cursor in a listing of the folder.
  const base = sanitize(whole.slice(whole.lastIndexOf("/") + 1));
  let kept = "";
  for (const character of base) {
    if (Buffer.byteLength(kept + character) > longestBase) break;
    kept += character;
  }
  return kept === "" ? prefix : `${prefix}-${kept}`;
}
