/** Chance. `fraction` is uniform in [0, 1); `id` gives 128 bits of it as 32 hex digits, fit for keys nobody may guess. */
export interface Random {
  fraction(): number;
  id(): string;
}
