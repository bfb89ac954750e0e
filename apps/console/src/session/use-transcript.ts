import { useEffect, useState } from 'react';
import { followSession } from '../api/follow-session';
import type { FollowState } from '../api/follow-session';
import { EMPTY, TranscriptBuilder } from './transcript-view';
import type { TranscriptView } from './transcript-view';

/** What a session did so far, and does: followed while the page is looked at. */
export function useTranscript(sessionId: string, onNews: () => void) {
  const [view, setView] = useState<TranscriptView>(EMPTY);
  const [state, setState] = useState<FollowState>('connecting');
  useEffect(() => {
    const ending = new AbortController();
    const builder = new TranscriptBuilder();
    setView(EMPTY);
    void followSession(
      sessionId,
      {
        onState: setState,
        onEvents(events) {
          setView(builder.add(events));
          if (events.some(({ type }) => type !== 'live')) onNews();
        },
      },
      ending.signal,
    );
    return () => ending.abort();
  }, [sessionId, onNews]);
  return { view, state };
}
