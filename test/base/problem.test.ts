import { describe, expect, it } from "vitest";
import { type Problem, ProblemLog } from "../../src/base/problem.ts";

const problem = (code: string, message: string): Problem => ({
  severity: "warning",
  code,
  message: `${code} ${message}`,
});

describe("a log of problems", () => {
  it("keeps some of each kind, however many there are of another", () => {
    const log = new ProblemLog();
    for (let at = 0; at < 5000; at++) log.add(problem("noise", `${at}`));
    for (let at = 0; at < 100; at++) log.add(problem("rare", `${at}`));
    const count = (code: string): number => log.list().filter((each) => each.code === code).length;
    expect(count("noise")).toBe(1000);
    expect(count("rare")).toBe(16);
    expect(log.list().at(-1)).toMatchObject({
      code: "too-many-problems",
      message: "4084 further problems are not listed",
    });
  });

  it("says nothing of more where there is no more", () => {
    const log = new ProblemLog();
    for (let at = 0; at < 1000; at++) log.add(problem("noise", `${at}`));
    log.add(problem("noise", "7"));
    expect(log.list()).toHaveLength(1000);
  });
});
