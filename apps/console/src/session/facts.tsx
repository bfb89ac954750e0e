import { Box, Flex, Heading, Progress, Text } from '@radix-ui/themes';
import { Circle, CircleCheck, CircleDot } from 'lucide-react';
import type { ReactNode } from 'react';
import type { SessionResource } from '@swe/domain/api';
import { cacheShare, count, duration, money } from '../parts/figures';
import { LinkTo } from '../parts/link-to';
import { plainText } from '../parts/plain-text';
import { shortName } from '../parts/place-of';
import { texts } from '../texts';
import { Shares } from './shares';
import { totalsOf } from './timeline-view';
import type { CallView, PlanItem, TranscriptView } from './transcript-view';

export interface FactsProps {
  readonly session: SessionResource;
  readonly view: TranscriptView;
}

/** What a session is about, what it cost, and what is proven, beside its transcript. */
export function Facts({ session, view }: FactsProps) {
  const { requester, model, repositories, pullRequests, createdAt } = session;
  const words = texts.session;
  const totals = totalsOf(view.spans);
  return (
    <Flex direction="column" gap="5">
      <Fact title={words.cost}>
        <Cost cost={session.cost} />
      </Fact>
      <Fact title={words.tokens}>
        <Tokens usage={session.cost.usage} />
      </Fact>
      <Fact title={words.time}>
        <Shares
          label={words.time}
          shares={[
            { name: words.timeModel, value: totals.model, colour: 'indigo' },
            { name: words.timeTools, value: totals.tool, colour: 'green' },
            { name: words.timeWaiting, value: totals.waiting, colour: 'gray' },
          ]}
          show={duration}
        />
      </Fact>
      {view.plan.length > 0 && (
        <Fact title={words.plan}>
          <Plan items={view.plan} />
        </Fact>
      )}
      {view.commands.length > 0 && (
        <Fact title={words.commands}>
          <Commands commands={view.commands} />
        </Fact>
      )}
      <Fact title={words.details}>
        <dl className="details">
          <Line name={words.pullRequests}>
            {pullRequests.length === 0
              ? words.none
              : pullRequests.map(({ url }) => (
                  <LinkTo key={url} url={url}>
                    {shortName(url)}
                  </LinkTo>
                ))}
          </Line>
          <Line name={words.repositories}>
            {repositories.length === 0
              ? words.none
              : repositories.map((url) => (
                  <LinkTo key={url} url={url}>
                    {shortName(url)}
                  </LinkTo>
                ))}
          </Line>
          <Line name={words.requester}>{plainText(requester)}</Line>
          {session.isPrivate && <Line name={words.seenBy}>{words.seenByFew}</Line>}
          <Line name={words.model}>{model ?? '–'}</Line>
          <Line name={words.begun}>{new Date(createdAt).toLocaleString('en')}</Line>
        </dl>
      </Fact>
    </Flex>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Box asChild>
      <section aria-label={title}>
        <Heading as="h2" size="1" weight="medium" color="gray" mb="2" className="fact-title">
          {title}
        </Heading>
        {children}
      </section>
    </Box>
  );
}

function Line({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Cost({ cost: { spentUsd, estimatedUsd, budgetUsd } }: Pick<SessionResource, 'cost'>) {
  const words = texts.session;
  const percent = budgetUsd === 0 ? 100 : Math.min(100, (spentUsd * 100) / budgetUsd);
  return (
    <>
      <Text as="p" size="2" mb="2" className="tabular">
        {words.costOf(money(spentUsd), money(budgetUsd))}
      </Text>
      <Progress
        value={percent}
        color={percent > 90 ? 'red' : percent > 70 ? 'amber' : 'indigo'}
        size="1"
        aria-label={words.cost}
      />
      {estimatedUsd > 0 && (
        <Text as="p" size="1" color="gray" mt="1">
          {words.estimated(money(estimatedUsd))}
        </Text>
      )}
    </>
  );
}

function Tokens({ usage }: Pick<SessionResource['cost'], 'usage'>) {
  const words = texts.session;
  const share = cacheShare(usage);
  return (
    <>
      <Shares
        label={words.tokens}
        shares={[
          { name: words.tokensCached, value: usage.cacheReadTokens, colour: 'green' },
          { name: words.tokensWritten, value: usage.cacheWriteTokens, colour: 'amber' },
          { name: words.tokensIn, value: usage.inputTokens, colour: 'indigo' },
          { name: words.tokensOut, value: usage.outputTokens, colour: 'gray' },
        ]}
        show={count}
      />
      {share !== undefined && (
        <Text as="p" size="1" color="gray" mt="2">
          {words.cacheShare(share)}
        </Text>
      )}
    </>
  );
}

const MARKS = { open: Circle, doing: CircleDot, done: CircleCheck } as const;

function Plan({ items }: { readonly items: readonly PlanItem[] }) {
  return (
    <ul className="plan">
      {items.map(({ text, status }, i) => {
        const Mark = MARKS[status] ?? Circle;
        return (
          <li key={i} className={status}>
            <Mark size={14} aria-label={status} />
            <span>{plainText(text)}</span>
          </li>
        );
      })}
    </ul>
  );
}

const SHOWN = 12;

function Commands({ commands }: { readonly commands: readonly CallView[] }) {
  return (
    <>
      <ul className="commands">
        {commands.slice(-SHOWN).map(({ callId, result }) => (
          <li key={callId}>
            <span
              className={result?.exitCode === 0 ? 'exit good' : 'exit bad'}
              aria-label={texts.session.exitCode(result?.exitCode ?? null)}
              role="img"
            >
              {result?.exitCode ?? '–'}
            </span>
            <bdi className="mono" title={plainText(result?.command ?? '')}>
              {plainText(result?.command ?? '')}
            </bdi>
          </li>
        ))}
      </ul>
      <Text as="p" size="1" color="gray" mt="2">
        {texts.session.commandsHint}
      </Text>
    </>
  );
}
