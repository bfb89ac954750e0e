import type { Clock } from '@swe/domain';

interface Kept<T> {
  readonly untilMs: number;
  readonly answer: Promise<T>;
}

/** Answers that are good for a while. Whoever asks meanwhile shares one; one that failed is asked for again. */
export class KeptAnswers<T> {
  readonly #keptMs: number;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #kept = new Map<string, Kept<T>>();

  constructor(keptMs: number, clock: Pick<Clock, 'monotonicMs'>) {
    this.#keptMs = keptMs;
    this.#clock = clock;
  }

  async get(key: string, ask: () => Promise<T>): Promise<T> {
    this.#forget();
    let kept = this.#kept.get(key);
    if (kept === undefined) {
      kept = { untilMs: this.#clock.monotonicMs() + this.#keptMs, answer: ask() };
      this.#kept.set(key, kept);
    }
    try {
      return await kept.answer;
    } catch (error) {
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
      throw error;
    }
  }

  #forget(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [key, { untilMs }] of this.#kept) {
      if (untilMs <= nowMs) this.#kept.delete(key);
    }
  }
}
