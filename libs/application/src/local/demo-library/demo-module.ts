/** A number in a function of the library that a demo may get wrong, and how a customer would notice. */
export interface DemoBugSite {
  readonly function: string;
  /** The piece of the source that holds the number. It occurs once in the file, and the number once in it. */
  readonly code: string;
  readonly right: string;
  /** Each wrong number, and what `example` gives with it. */
  readonly wrong: Readonly<Record<string, number>>;
  readonly title: string;
  readonly story: string;
  /** A call as a user of the library writes it, and what it should give. */
  readonly example: string;
  readonly expected: number;
}

/** One source file of the demo's library (`src/<name>.js`) with its test (`test/<name>.test.js`). */
export interface DemoModule {
  readonly name: string;
  readonly source: string;
  readonly test: string;
  readonly bugs: readonly DemoBugSite[];
}
