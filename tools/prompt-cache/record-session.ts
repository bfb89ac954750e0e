import { Agent } from 'node:http';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { openAnthropic } from '@swe/adapter-ai-sdk/models';
import { BedrockLanguageModel } from '@swe/adapter-aws/bedrock';
import {
  DEFAULT_PATIENCE,
  DEFAULT_SESSION_TIMING,
  DEFAULT_TURN_LIMITS,
  routeRepoHosts,
  runSession,
  systemPrompt,
  withinLimits,
} from '@swe/application/agent';
import type { AgentPorts } from '@swe/application/agent';
import { backgroundProcesses, toolbox } from '@swe/application/tools';
import { BUILT_IN_MODELS, findModel } from '@swe/domain';
import type { JournalEntry, LanguageModel, Logger, ModelRequest, Usage } from '@swe/domain';
import {
  ManualClock,
  MemoryBlobStore,
  MemoryChat,
  MemoryDirectory,
  MemoryEventBus,
  MemoryImage,
  MemoryJournal,
  MemoryLedger,
  MemoryOutbox,
  MemoryRepoHost,
  MemorySessionStore,
  MemorySnapshots,
  MemoryStore,
  MemoryWebPage,
  MemoryWorkspace,
  ScriptedLanguageModel,
  ScriptedProcesses,
} from '@swe/testing/memory';
import { openLoopbackAnthropic, openLoopbackBedrock } from '@swe/testing/servers';
import type { LoopbackAnswer, LoopbackServer } from '@swe/testing/servers';
import { anthropicBlocks, converseBlocks } from './request-blocks';
import type { PlannedStep } from './session-plan';
import { SimulatedCache } from './simulated-cache';

const ORIGIN = 'terminal:recorded';
const TASK = 'Fix the rounding of totals in the shop, with tests, and tell me what you found.';
/** Between a request and the next. */
const STEP_MS = 20_000;
const SUMMARY = '## Findings\nTotals are off.\n\n## Decisions\nNone.\n\n## Done\nMost.\n\n## Open\nThe rest.';
export type Vendor = 'anthropic' | 'bedrock';
export const VENDORS: readonly Vendor[] = ['anthropic', 'bedrock'];

export interface RecordingOptions {
  readonly steps: readonly PlannedStep[];
  /** The model's, in place of what the catalogue says. */
  readonly contextTokens?: number;
  /** Something that changes requests on their way, to show that it is seen. */
  readonly tamper?: (request: ModelRequest, nowMs: number) => ModelRequest;
}

/** A request of a step, as it arrived at the vendor, and what its cache made of it. */
export interface RecordedCall {
  readonly callNumber: number;
  readonly bytes: number;
  readonly usage: Usage;
}

/** A session as it was run, with its requests and its journal. */
export interface Recording {
  readonly calls: readonly RecordedCall[];
  readonly entries: readonly JournalEntry[];
  /** What the agent warned of. */
  readonly warnings: readonly string[];
  /** What its commands printed, in the files that they were kept in. */
  readonly workspace: MemoryWorkspace;
}

/**
 * Runs a session with the agent's own prompt, tools and loop on a vendor's real requests, over loopback HTTP, its cache
 * simulated on the bytes that arrive.
 */
export async function recordSession(vendor: Vendor, options: RecordingOptions): Promise<Recording> {
  const { steps } = options;
  const answers: LoopbackAnswer[] = [...steps.map(({ answer }) => answer), { say: 'Done.' }];
  const open = vendor === 'anthropic' ? openLoopbackAnthropic : openLoopbackBedrock;
  const server = await open(answers);
  try {
    return await runOn(vendor, server, options);
  } finally {
    await server.close();
  }
}

async function runOn(
  vendor: Vendor,
  server: LoopbackServer,
  { steps, contextTokens, tamper = (request) => request }: RecordingOptions,
): Promise<Recording> {
  const clock = new ManualClock();
  const data = new MemoryStore();
  const store = new MemorySessionStore(data);
  const journal = new MemoryJournal(data);
  const workspace = new MemoryWorkspace();
  const calls: RecordedCall[] = [];
  const warnings: string[] = [];
  const facts = {
    ...findModel(BUILT_IN_MODELS, 'anthropic/claude-opus-5-5'),
    ...(contextTokens !== undefined && { contextTokens }),
  };
  const cache = new SimulatedCache();
  const blocksOf = vendor === 'anthropic' ? anthropicBlocks : converseBlocks;
  const asked = openVendor(vendor, server.url);
  const metered: LanguageModel = {
    id: asked.id,
    async *stream(request, signal) {
      const atMs = clock.nowMs();
      for await (const event of asked.stream(tamper(request, atMs), signal)) {
        const body = server.requests.at(-1)?.body;
        if (event.type !== 'finished' || body === undefined) yield event;
        else {
          const usage = {
            ...cache.serve(blocksOf(body), atMs),
            outputTokens: event.usage?.outputTokens ?? 0,
          };
          calls.push({ callNumber: calls.length + 1, bytes: JSON.stringify(body).length, usage });
          await clock.advance(STEP_MS);
          yield { ...event, usage };
        }
      }
    },
  };
  const summariser = new ScriptedLanguageModel(Array.from({ length: 99 }, () => ({ say: SUMMARY })));
  const programs = Object.fromEntries(
    steps.flatMap(({ prints }) =>
      Object.entries(prints).map(([script, output]) => [
        script,
        (call: { print(output: string): void }) => {
          call.print(output);
          return 0;
        },
      ]),
    ),
  );
  const processes = new ScriptedProcesses({ workspace, clock, programs });
  const background = backgroundProcesses(processes);
  const blobs = new MemoryBlobStore();
  const chat = new MemoryChat();
  const ports: AgentPorts = {
    ...{ store, journal, chat, blobs, clock },
    outbox: new MemoryOutbox(data),
    ledger: new MemoryLedger(data),
    bus: new MemoryEventBus(),
    snapshots: new MemorySnapshots(),
    models: [withinLimits(metered, facts)],
    openModel: async () => summariser,
    random: { fraction: () => 0.5 },
    logger: warningsTo(warnings),
    observe: () => undefined,
  };
  const body = { kind: 'text', text: TASK } as const;
  const message = { messageKey: 'm1', origin: ORIGIN, requester: 'local:ada', addressed: true, body };
  const { sessionId } = await store.receive({ ...message, receivedAtMs: clock.nowMs() });
  const tools = toolbox({
    ...{ workspace, processes, background, blobs, chat, clock },
    pushProcesses: processes,
    image: new MemoryImage(),
    webPage: new MemoryWebPage(),
    ...routeRepoHosts([{ serves: () => true, repoHost: new MemoryRepoHost() }]),
    directory: new MemoryDirectory(),
    demandRight: async () => undefined,
    grant: () => undefined,
    follow: async () => undefined,
    branch: 'swe/recorded',
    issue: undefined,
    ripgrepPath: '/rg',
  });
  await runSession(
    ports,
    { sessionId, holder: 'agent', generation: 0 },
    {
      system: systemPrompt({ workspaceRoot: workspace.root, branch: 'swe/recorded' }),
      tools,
      limits: { ...DEFAULT_TURN_LIMITS, maxSteps: steps.length + 1, maxTurnMs: Number.MAX_SAFE_INTEGER },
      patience: DEFAULT_PATIENCE,
      spending: {
        priceOf: () => facts,
        capNanoUsd: Number.MAX_SAFE_INTEGER,
        summariserOf: () => 'scripted/cheap',
      },
      endProcesses: () => background.killAll(),
    },
    DEFAULT_SESSION_TIMING,
  );
  const entries = await Array.fromAsync(journal.read(sessionId, 1));
  return { calls, entries, warnings, workspace };
}

function warningsTo(warnings: string[]): Logger {
  const warn = (event: string, facts: object = {}): void => {
    // It would be asked again after a while, and no time passes.
    if (event === 'model.failed') throw new Error(JSON.stringify(facts));
    warnings.push(event);
  };
  const logger: Logger = { debug() {}, info() {}, warn, error: warn, with: () => logger };
  return logger;
}

function openVendor(vendor: Vendor, url: string): LanguageModel {
  if (vendor === 'anthropic') {
    return openAnthropic({ apiKey: 'k', baseUrl: url, modelId: 'claude-opus-5-5', thinking: 'bound' });
  }
  const client = new BedrockRuntimeClient({
    endpoint: url,
    region: 'us-west-2',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ httpAgent: new Agent({ keepAlive: true }) }),
  });
  return new BedrockLanguageModel(client, {
    id: 'bedrock/us.anthropic.claude-opus-5-5',
    modelId: 'us.anthropic.claude-opus-5-5',
    thinking: 'bound',
    cachePoints: ['tools', 'system', 'messages'],
  });
}
