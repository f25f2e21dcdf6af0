export function krewManifest(release: {
  version: string;
  sums: string;
  url: string;
  homepage: string;
}): string;

export function krewArchive(folder: string, arch: string, epoch: number): string;
