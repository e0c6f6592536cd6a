/** What a scenario is given and what it hands back. */

export interface Settings {
  /** Shorter loads and fewer rounds: shows that everything works; its figures are rough. */
  readonly quick: boolean;
  say(text: string): void;
}

/** One row of the table. */
export interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly bar: string;
  readonly held: boolean;
  /** Other figures of the same run that help to read this one. */
  readonly beside?: string;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** How the figure is made, for the reader of the table. */
  readonly how: string;
  run(settings: Settings): Promise<Figure[]>;
}

export const ms = (value: number): string => `${value.toFixed(value < 100 ? 1 : 0)} ms`;
export const seconds = (value: number): string => `${value.toFixed(2)} s`;
