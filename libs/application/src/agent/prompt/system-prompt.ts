import { DELIVERY } from './delivery';
import { HABITS } from './habits';
import { place } from './place';
import type { Place } from './place';
import { RULES } from './rules';

/**
 * What every agent is told before anything else, layer by layer. Nothing in it changes during a session, so that the
 * prompt's prefix stays byte-stable between steps. What an organisation and an agent of its own add stands behind it.
 */
export function systemPrompt(at: Place): string {
  return [place(at), RULES, HABITS, DELIVERY].join('\n');
}
