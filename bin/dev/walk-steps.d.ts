export declare const steps: readonly {
  keys?: string[];
  shows: string | RegExp;
  says: string;
  ticks: number;
}[];
