import type { Problem } from "../base/problem.ts";
import { renderProblems } from "./problems.ts";
import { plainStyle } from "./style.ts";
import type { TableOptions } from "./table.ts";

/** A titled part of a report; one without a body is left out. */
export interface Section {
  title: string;
  body: string;
}

/** Sections below each other, the problems last. */
export function renderSections(
  sections: readonly Section[],
  problems: readonly Problem[],
  options: TableOptions,
): string {
  const style = options.style ?? plainStyle;
  return [...sections, { title: "Problems", body: renderProblems(problems, style) }]
    .filter(({ body }) => body !== "")
    .map(({ title, body }) => `${style.bold(title)}\n${body}`)
    .join("\n");
}

export function indent(block: string): string {
  return block.replace(/^(?=.)/gm, "  ");
}

/** A table that will be indented by two columns. */
export function narrower(options: TableOptions): TableOptions {
  return options.width === undefined ? options : { ...options, width: options.width - 2 };
}
