import { displayWidth, sanitize } from "../base/text.ts";
import { hex } from "../base/u64.ts";
import type { ProcessDocument } from "../checkpoint/process-document.ts";
import { plainStyle } from "./style.ts";
import type { TableOptions } from "./table.ts";

type Registers = Readonly<Record<string, bigint>>;

/** The registers of every thread: general ones, and of the others what is not zero. */
export function renderRegisters({ threads }: ProcessDocument, options: TableOptions): string {
  const style = options.style ?? plainStyle;
  return threads
    .map(({ tid, comm, registers }) => {
      if (registers === null) return "";
      const compat = registers.compat ? ", 32-bit" : "";
      const title = style.dim(`thread ${tid} ${sanitize(comm ?? "")}`.trimEnd() + compat);
      const { general, floating } = registers;
      return `  ${title}\n${registerLines(general)}${registerLines(telling(floating))}`;
    })
    .join("");
}

/**
 * Registers that are not zero. Where one is the lower part of another (`xmm0` of `ymm0`), it stands
 * for both if the rest is zero, and is left out if not.
 */
export function telling(registers: Registers): Registers {
  const shown = Object.entries(registers).filter(([name, value]) => {
    if (value === 0n) return false;
    const [, kind, number] = /^([xyz])mm(\d+)$/.exec(name) ?? [];
    if (kind === undefined) return true;
    const { [`ymm${number}`]: ymm, [`zmm${number}`]: zmm } = registers;
    if (kind === "x") return value === (zmm ?? ymm ?? value);
    const lower = registers[kind === "y" ? `xmm${number}` : `ymm${number}`];
    return value !== lower && (kind === "z" || value === (zmm ?? value));
  });
  return Object.fromEntries(shown);
}

/** Characters of a line, beside those that indent it. */
const lineWidth = 120;
const gap = 3;

/** As many a line as have room: four of 64 bits, two of 128, one of more. */
function registerLines(registers: Registers): string {
  const groups = new Map<number, [string, string][]>();
  for (const [name, value] of Object.entries(registers)) {
    const text = hex(value);
    // 0x and 16 digits for 64 bits, 32 for 128, and so on.
    const width = [18, 34, 66].find((each) => text.length <= each) ?? 130;
    const group = groups.get(width) ?? [];
    group.push([name, text]);
    groups.set(width, group);
  }
  return [...groups].map(([width, cells]) => columns(cells, width)).join("");
}

function columns(cells: readonly [string, string][], width: number): string {
  const nameWidth = Math.max(0, ...cells.map(([name]) => displayWidth(name)));
  const perLine = Math.max(1, Math.floor((lineWidth + gap) / (nameWidth + 1 + width + gap)));
  let lines = "";
  for (let at = 0; at < cells.length; at += perLine) {
    const line = cells
      .slice(at, at + perLine)
      .map(([name, value]) => `${name.padEnd(nameWidth)} ${value.padEnd(width)}`)
      .join(" ".repeat(gap));
    lines += `    ${line.trimEnd()}\n`;
  }
  return lines;
}
