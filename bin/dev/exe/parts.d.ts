import type { Part } from "../sbom.d.ts";

export function suppliedParts(arch: string): Part[];
