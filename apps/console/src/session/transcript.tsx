import { Box, Button, Callout, Flex, Spinner, Text } from '@radix-ui/themes';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, CircleAlert, CircleCheck, CircleQuestionMark, Clock, Info } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { duration, money } from '../parts/figures';
import { Markdown } from '../parts/markdown';
import { plainText } from '../parts/plain-text';
import { texts } from '../texts';
import { CallRow } from './call-row';
import { changeOf } from './change-of';
import type { Row } from './transcript-view';

export interface TranscriptProps {
  readonly rows: readonly Row[];
  /** Whoever looks. */
  readonly requester: string | undefined;
  readonly isBusy: boolean;
}

/** A row of a line; what is taller is measured once it is seen. */
const ROW_PX = 44;
/** So near to its end it follows what is new. */
const NEAR_PX = 80;

/** What a session did, of which only what is seen is on the page. */
export function Transcript({ rows, requester, isBusy }: TranscriptProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const [isAway, setIsAway] = useState(false);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const hasTail = isBusy;
  const count = rows.length + (hasTail ? 1 : 0);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (i) => rows[i]?.key ?? 'tail',
    overscan: 8,
  });

  const toLatest = useCallback(() => {
    follows.current = true;
    setIsAway(false);
    virtualizer.scrollToIndex(count - 1, { align: 'end' });
  }, [virtualizer, count]);

  const size = virtualizer.getTotalSize();
  useEffect(() => {
    if (follows.current && count > 0) virtualizer.scrollToIndex(count - 1, { align: 'end' });
  }, [virtualizer, count, size]);

  const onScroll = (): void => {
    const at = scroller.current;
    if (at === null) return;
    const isNear = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR_PX;
    if (isNear) follows.current = true;
    setIsAway(!isNear && !follows.current);
  };
  /** A person moves it: to look at what was, not at what is new. */
  const onMoved = (): void => {
    const at = scroller.current;
    if (at === null) return;
    follows.current = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR_PX;
    setIsAway(!follows.current);
  };

  return (
    <Box className="transcript-frame">
      <div
        ref={scroller}
        className="transcript"
        onScroll={onScroll}
        onWheel={onMoved}
        onTouchMove={onMoved}
        onKeyUp={onMoved}
        onPointerUp={onMoved}
        tabIndex={0}
        role="log"
        aria-label={texts.session.transcript}
        aria-busy={isBusy}
      >
        {count === 0 && (
          <Text as="p" color="gray" align="center" my="6">
            {texts.session.empty}
          </Text>
        )}
        <div className="rows" style={{ height: size }}>
          {virtualizer.getVirtualItems().map(({ index, key, start }) => {
            const row = rows[index];
            return (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                className="row"
                style={{ transform: `translateY(${start}px)` }}
              >
                {row === undefined ? (
                  <Flex align="center" gap="2" py="2">
                    <Spinner size="1" />
                    <Text size="2" color="gray">
                      {texts.session.working}
                    </Text>
                  </Flex>
                ) : (
                  <OneRow
                    row={row}
                    requester={requester}
                    isOpen={toggled.get(row.key) ?? opensByItself(row)}
                    onToggle={(isOpen) => setToggled((before) => new Map(before).set(row.key, isOpen))}
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
      {isAway && (
        <Button className="to-latest" radius="full" size="2" onClick={toLatest}>
          <ArrowDown size={14} aria-hidden="true" />
          {texts.session.toLatest}
        </Button>
      )}
    </Box>
  );
}

/** What was changed is seen at once, and what failed. */
const opensByItself = (row: Row): boolean =>
  row.kind === 'call' && (row.call.result?.isError === true || changeOf(row.call.input) !== undefined);

interface OneRowProps {
  readonly row: Row;
  readonly requester: string | undefined;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
}

function OneRow({ row, requester, isOpen, onToggle }: OneRowProps) {
  switch (row.kind) {
    case 'message':
      return (
        <div className="message">
          <Text size="1" color="gray" as="div" mb="1">
            {row.requester === requester ? texts.session.you : row.requester}
          </Text>
          <Markdown text={row.text.text} />
          {row.text.leftOut > 0 && (
            <Text size="1" color="gray">
              {texts.leftOut(row.text.leftOut)}
            </Text>
          )}
        </div>
      );
    case 'step':
      return <StepRow row={row} />;
    case 'words':
      return (
        <div className="step" aria-busy="true">
          <Text size="1" color="gray" as="div" className="tabular step-facts">
            {texts.session.step(row.step)}
          </Text>
          <Markdown text={row.text} />
        </div>
      );
    case 'call':
      return <CallRow call={row.call} isOpen={isOpen} onToggle={onToggle} />;
    case 'note':
      return <Aside icon={<Info size={14} aria-hidden="true" />}>{NOTES[row.note]}</Aside>;
    case 'waiting':
      return (
        <Aside icon={<Clock size={14} aria-hidden="true" />}>
          {texts.session.notes.waiting(plainText(row.reason))}
        </Aside>
      );
    case 'outcome':
      return <OutcomeRow outcome={row.outcome} isSaid={row.isSaid} />;
  }
}

const { notes } = texts.session;
const NOTES = {
  compacted: notes.compacted,
  saved: notes.saved,
  restored: notes.restored,
  'going-round': notes.goingRound,
  'asked-about-round': notes.askedRound,
  'empty-answer': notes.emptyAnswer,
} as const;

function StepRow({ row }: { readonly row: Extract<Row, { kind: 'step' }> }) {
  const { step, model, text, durationMs, costUsd, failure } = row;
  const facts = [texts.session.step(step), model, duration(durationMs), ...(costUsd ? [money(costUsd)] : [])];
  return (
    <div className="step">
      <Text size="1" color="gray" as="div" className="tabular step-facts">
        {facts.join(' · ')}
      </Text>
      {text.trim() !== '' && <Markdown text={text} />}
      {failure !== undefined && (
        <Text size="2" color="red">
          {plainText(failure)}
        </Text>
      )}
    </div>
  );
}

function Aside({ icon, children }: { readonly icon: React.ReactNode; readonly children: React.ReactNode }) {
  return (
    <Flex align="center" gap="2" py="1" className="faint">
      {icon}
      <Text size="1">{children}</Text>
    </Flex>
  );
}

type OutcomeProps = Pick<Extract<Row, { kind: 'outcome' }>, 'outcome' | 'isSaid'>;

function OutcomeRow({ outcome, isSaid }: OutcomeProps) {
  const { session } = texts;
  switch (outcome.kind) {
    case 'answered': {
      const { asksBack, text } = outcome;
      const Icon = asksBack ? CircleQuestionMark : CircleCheck;
      return (
        <Callout.Root color={asksBack ? 'amber' : 'green'} size="1" my="2" className="outcome">
          <Callout.Icon>
            <Icon size={16} aria-hidden="true" />
          </Callout.Icon>
          <Text as="div" size="2" weight="medium">
            {asksBack ? session.asksBack : session.answered}
          </Text>
          {!isSaid && <Markdown text={text} />}
        </Callout.Root>
      );
    }
    case 'failed':
    case 'refused':
      return (
        <Callout.Root color="red" size="1" my="2">
          <Callout.Icon>
            <CircleAlert size={16} aria-hidden="true" />
          </Callout.Icon>
          <Callout.Text>
            {outcome.kind === 'failed'
              ? session.failure(plainText(outcome.cause))
              : session.refused(plainText(outcome.reason))}
          </Callout.Text>
        </Callout.Root>
      );
    case 'stopped':
      return <Aside icon={<Info size={14} aria-hidden="true" />}>{session.stopped}</Aside>;
    default:
      return <Aside icon={<Info size={14} aria-hidden="true" />}>{session.cancelled}</Aside>;
  }
}
