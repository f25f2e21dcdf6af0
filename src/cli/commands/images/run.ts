import { sanitize } from "../../../base/text.ts";
import { listImages } from "../../../checkpoint/image-list.ts";
import { renderImages } from "../../../report/image-view.ts";
import { renderProblems } from "../../../report/problems.ts";
import type { Io } from "../../io.ts";
import { openTarget } from "../../open-target.ts";
import type { CommonOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { verdict } from "../../verdict.ts";

export interface ImagesCommandOptions extends CommonOptions {
  nested?: boolean;
}

export async function runImages(
  path: string,
  options: ImagesCommandOptions,
  io: Io,
): Promise<number> {
  const checkpoint = await openTarget(path, options, io);
  try {
    const list = await listImages(checkpoint, { nested: options.nested === true });
    await printResult(
      list,
      (table) => {
        if (options.quiet === true)
          return list.items.map(({ name }) => `${sanitize(name)}\n`).join("");
        const problems = renderProblems(list.problems, table.style);
        return renderImages(list, table) + (problems === "" ? "" : `\nProblems\n${problems}`);
      },
      options,
      io,
    );
    return await verdict(list.problems, io);
  } finally {
    await checkpoint.close();
  }
}
