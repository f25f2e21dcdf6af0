export function compilerOf(arch: "x64" | "arm64"): string | undefined;
export function compile(arch: "x64" | "arm64"): Buffer;
