import { sanitize } from "../base/text.ts";
import type { EnvironmentList } from "../checkpoint/environment-list.ts";
import { renderProblems } from "./problems.ts";
import { plainStyle } from "./style.ts";
import type { TableOptions } from "./table.ts";

/** Renders `NAME=value` lines, those of each process below its name unless there is but one. */
export function renderEnvironments(
  list: EnvironmentList,
  { headers, style = plainStyle }: Pick<TableOptions, "headers" | "style">,
): string {
  const titled = headers && list.items.length > 1;
  const blocks = list.items.map(({ pid, comm, variables }) => {
    const lines =
      variables === null
        ? titled
          ? `${style.dim("no memory in this dump")}\n`
          : ""
        : variables.map((variable) => `${renderVariable(variable)}\n`).join("");
    return titled ? `${style.bold(`pid ${pid}  ${sanitize(comm ?? "?")}`)}\n${lines}` : lines;
  });
  const problems = renderProblems(list.problems, style);
  if (problems !== "") blocks.push(`Problems\n${problems}`);
  return blocks.filter((block) => block !== "").join(titled ? "\n" : "");
}

/** One entry as it stands in memory, on one line. */
export function renderVariable({ name, value }: { name: string; value: string | null }): string {
  return sanitize(value === null ? name : `${name}=${value}`);
}

/** Each name once, in the order in which they come. */
export function environmentNames(list: EnvironmentList): string[] {
  const names = list.items.flatMap(({ variables }) => variables ?? []).map(({ name }) => name);
  return [...new Set(names)];
}
