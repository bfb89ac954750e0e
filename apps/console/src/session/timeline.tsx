import { Text } from '@radix-ui/themes';
import { duration } from '../parts/figures';
import { plainText } from '../parts/plain-text';
import { texts } from '../texts';
import { barsOf } from './timeline-view';
import type { Bar, Span } from './timeline-view';

/** The last ones of a long session: more bars than that nobody reads. */
const MAX_BARS = 400;
const COLOURS = { model: 'indigo', tool: 'green', waiting: 'gray' } as const;

/** What a session's time went into: each model call and tool call where it was in time. */
export function Timeline({ spans }: { readonly spans: readonly Span[] }) {
  const words = texts.session;
  const bars = barsOf(spans.slice(-MAX_BARS));
  if (bars.length === 0) {
    return (
      <Text as="p" color="gray" my="5" align="center">
        {words.empty}
      </Text>
    );
  }
  return (
    <>
      {spans.length > MAX_BARS && (
        <Text as="p" size="1" color="gray" mb="3">
          {words.timelineLast(MAX_BARS, spans.length)}
        </Text>
      )}
      <ol className="timeline" aria-label={words.timeline}>
        {bars.map((bar) => (
          <TimelineRow key={bar.key} bar={bar} />
        ))}
      </ol>
    </>
  );
}

function TimelineRow({ bar: { doing, name, fromMs, toMs, start, length } }: { readonly bar: Bar }) {
  const words = texts.session;
  const label = { model: words.step(Number(name)), tool: plainText(name), waiting: words.timeWaiting }[doing];
  return (
    <li className={doing}>
      <span className="name">{label}</span>
      <span className="track" aria-hidden="true">
        <span
          className={`fill ${COLOURS[doing]}`}
          style={{ left: `${start * 100}%`, width: `${length * 100}%` }}
        />
      </span>
      <span className="tabular length">{duration(toMs - fromMs)}</span>
    </li>
  );
}
