import { ArchiveError } from "../../base/errors.ts";
import { Once } from "../../base/once.ts";
import { readCore, type TaskCore } from "../core.ts";
import type { Decoded } from "../decode.ts";
import { collectEntries, missingImage, type ReadContext } from "../entries.ts";
import type { MessageName } from "../schema/schema.ts";
import type { Messages } from "../schema/types.ts";
import type { OldThreadImages } from "./threads.ts";

/** The images of single tasks, also those that only older CRIUs wrote. Each is read once. */
export class TaskImages {
  readonly #context: ReadContext;
  readonly #once = new Once();

  constructor(context: ReadContext) {
    this.#context = context;
  }

  /** The core of a process's first thread. `readProcesses` has told what is wrong with it. */
  async ownCore(pid: number): Promise<TaskCore | undefined> {
    const source = this.#context.folder.open(`core-${pid}.img`);
    if (source === undefined) return undefined;
    try {
      return await readCore(source);
    } catch (error) {
      if (error instanceof ArchiveError) return undefined;
      throw error;
    }
  }

  /** The core of another thread; undefined, with a problem, where it is missing or broken. */
  async threadCore(tid: number): Promise<TaskCore | undefined> {
    const image = `core-${tid}.img`;
    const { folder, problems } = this.#context;
    const source = folder.open(image);
    if (source === undefined) {
      missingImage(this.#context, image, "which its thread needs");
      return undefined;
    }
    try {
      return await readCore(source);
    } catch (error) {
      problems.addFault("broken-image", error, { member: folder.label(image) });
      return undefined;
    }
  }

  /** The first entry of an image that every live process has. */
  async needed<Name extends MessageName>(
    image: string,
    name: Name,
  ): Promise<Decoded<Name> | undefined> {
    const entries = await this.optional(image, name);
    if (entries === undefined) missingImage(this.#context, image, "which its process needs");
    return entries?.[0];
  }

  /** The entries of an image that may be there. */
  optional<Name extends MessageName>(
    image: string,
    name: Name,
  ): Promise<Decoded<Name>[] | undefined> {
    return this.#once.ask(image, () => collectEntries(this.#context, image, name));
  }

  /** What CRIU before 2.0 wrote beside the core of a thread. */
  async oldThread(tid: number, pid: number): Promise<OldThreadImages> {
    const pending = await this.optional(`signal-p-${tid}.img`, "siginfo_entry");
    return { credentials: await this.oldCredentials(pid), pending };
  }

  /** All threads of a process had the same then. */
  async oldCredentials(pid: number): Promise<Messages["creds_entry"] | undefined> {
    return (await this.optional(`creds-${pid}.img`, "creds_entry"))?.[0];
  }
}
