/** Devices of graphics processors, and CRIU's plugin for each. */
const gpus: readonly (readonly [RegExp, string])[] = [
  [/^\/dev\/nvidia/, "CUDA"],
  [/^\/dev\/(?:kfd|dri\/renderD\d+)$/, "AMDGPU"],
];

/** CRIU's plugin for a device; undefined where it is no graphics processor's. */
export function gpuOf(path: string): string | undefined {
  return gpus.find(([pattern]) => pattern.test(path))?.[1];
}
