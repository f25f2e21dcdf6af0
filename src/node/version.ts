/** The numbers of a version, leading letters and what follows them left aside: `v1.36.2` is [1, 36, 2]. */
export function versionNumbers(text: string): number[] | undefined {
  const match = /(?:^|[^\d.])v?(\d{1,6}(?:\.\d{1,6}){1,3})/.exec(text);
  return match === null ? undefined : (match[1] as string).split(".").map(Number);
}

/** Is a version at least another? Undefined where it is no version. Pre-releases count as the release. */
export function atLeast(text: string, ...least: number[]): boolean | undefined {
  const numbers = versionNumbers(text);
  if (numbers === undefined) return undefined;
  for (const [at, wanted] of least.entries()) {
    const have = numbers[at] ?? 0;
    if (have !== wanted) return have > wanted;
  }
  return true;
}
