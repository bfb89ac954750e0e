import type { SharedV4ProviderOptions } from '@ai-sdk/provider';

/** What differs between vendors in what may be sent to them. */
export interface Dialect {
  /** Under this name reasoning is kept and given back; it names the model where no other can read it. */
  readonly provider: string;
  /** Sent along with every call. */
  readonly callOptions?: SharedV4ProviderOptions;
  /** Marks where a cached prefix may end; absent when the vendor finds out by itself. */
  readonly cacheMark?: SharedV4ProviderOptions;
  /**
   * - `sealedBy`: given back if its metadata has one of these
   * - `plain`: its text is given back
   * - `dropped`: never given back
   */
  readonly reasoning: { readonly sealedBy: readonly string[] } | 'plain' | 'dropped';
  /** What of a text's metadata is kept and given back with it. */
  readonly keptOfText?: readonly string[];
  /** False where the result of a tool is text: its images and documents go into the message after it. */
  readonly resultsHoldFiles: boolean;
  readonly takesPdf: boolean;
  /** Whether a tool's schema is enforced; the vendor's default when absent. */
  readonly strictTools?: boolean;
}
