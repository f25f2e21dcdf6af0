/** Writes the sample with `pages-1.img` of this many bytes, all of them but the first a hole. */
export function writeSparse(path: string, size: number): void;
