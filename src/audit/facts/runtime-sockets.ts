import { baseName } from "../../checkpoint/needs/tasks.ts";

/** Container engines by the last step of the path of their socket. */
const sockets: Readonly<Record<string, string>> = {
  "docker.sock": "Docker",
  "containerd.sock": "containerd",
  "crio.sock": "CRI-O",
  "podman.sock": "Podman",
  "cri-dockerd.sock": "cri-dockerd",
  "dockershim.sock": "Docker",
  "buildkitd.sock": "BuildKit",
};

/** The engine that listens at a path; undefined where that is no engine's. */
export function runtimeSocket(path: string): string | undefined {
  const name = baseName(path);
  return Object.hasOwn(sockets, name) ? sockets[name] : undefined;
}
