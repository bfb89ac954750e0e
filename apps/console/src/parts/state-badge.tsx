import { Badge } from '@radix-ui/themes';
import type { SessionSummary } from '@swe/domain/api';
import { texts } from '../texts';

type Standing = Pick<SessionSummary, 'status' | 'lastTurn'>;
type Colour = 'gray' | 'blue' | 'amber' | 'green' | 'red';

const BUSY = ['queued', 'starting', 'working', 'draining'];
const COLOURS: Readonly<Record<string, Colour>> = {
  asked: 'amber',
  answered: 'green',
  failed: 'red',
  refused: 'red',
};

export const isBusy = ({ status }: Pick<Standing, 'status'>): boolean => BUSY.includes(status);

/** In a word and a colour, where a session stands: while it waits, how its last turn ended. */
export function standingOf({ status, lastTurn }: Standing): {
  readonly word: string;
  readonly colour: Colour;
} {
  const { states } = texts;
  if (isBusy({ status })) {
    return { word: states[status as 'working'], colour: status === 'queued' ? 'gray' : 'blue' };
  }
  if (status === 'ended' || status === 'failed') {
    return { word: states[status], colour: status === 'failed' ? 'red' : 'gray' };
  }
  if (lastTurn === undefined) return { word: states.idle, colour: 'gray' };
  return { word: states[lastTurn], colour: COLOURS[lastTurn] ?? 'gray' };
}

export function StateBadge({ session }: { readonly session: Standing }) {
  const { word, colour } = standingOf(session);
  return (
    <Badge color={colour} radius="full" className={isBusy(session) ? 'state busy' : 'state'}>
      <span className="dot" aria-hidden="true" />
      {word}
    </Badge>
  );
}
