/** An open file, by the descriptor that it was found by. */
export interface FileArgument {
  path: string;
  kind: string;
  id: number;
  pid: number | null;
  fd: number | string;
  name: string;
}
