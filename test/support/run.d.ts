export interface Ran {
    code: number;
    out: string;
    err: string;
}
export interface RunOptions {
    stdin?: AsyncIterable<Uint8Array>;
    env?: Record<string, string>;
    /** Pretend that stdout and stderr are terminals of that width. */
    columns?: number;
    now?: number;
}
/** Runs the command line in this process, with streams and clock of the test's own. */
export declare function run(argv: readonly string[], options?: RunOptions): Promise<Ran>;
