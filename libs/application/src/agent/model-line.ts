import { isFault } from '@swe/domain';
import type { LanguageModel } from '@swe/domain';
import { postOf } from './session-run';
import type { SessionRun } from './session-run';

/** The models of a session in the order in which they are asked, and which of them is at it. */
export interface ModelLine {
  /** The one to ask now, with how many are behind it. */
  current(): Promise<{ readonly model: LanguageModel; readonly modelsLeft: number }>;
  /** The next one's turn. */
  pass(): Promise<LanguageModel>;
}

/**
 * The model that is wished for, else the one that the chosen agent asks for, then those that are set for all; a turn stays with the one that answered last. When
 * another one is wished for meanwhile, that is asked next. One that can't be opened is told of once, and left out.
 */
export function modelLine(run: SessionRun): ModelLine {
  let wished: string | undefined;
  let line: readonly [LanguageModel, ...LanguageModel[]] | undefined;
  let at = 0;

  async function opened(): Promise<readonly [LanguageModel, ...LanguageModel[]]> {
    const first = run.session.wishedModel ?? run.briefing?.agent?.model;
    if (line === undefined || first !== wished) {
      wished = first;
      line = await lineWith(run, first);
      at = 0;
    }
    return line;
  }

  return {
    async current() {
      const models = await opened();
      return { model: models[at] ?? models[0], modelsLeft: models.length - 1 - at };
    },
    async pass() {
      at += 1;
      const models = await opened();
      return models[at] ?? models[0];
    },
  };
}

async function lineWith(
  run: SessionRun,
  wishedModel: string | undefined,
): Promise<readonly [LanguageModel, ...LanguageModel[]]> {
  const { models, openModel, logger } = run.ports;
  if (wishedModel === undefined) return models;
  const known = models.find(({ id }) => id === wishedModel);
  try {
    const first = known ?? (await openModel(wishedModel));
    return [first, ...models.filter(({ id }) => id !== first.id)];
  } catch (error) {
    if (!isFault(error)) throw error;
    const { id: sessionId } = run.session;
    logger.warn('model.unopened', { sessionId, model: wishedModel, reason: error.message });
    const body = `I can't work with ${wishedModel} (${error.message}), so I go on with ${models[0].id}.`;
    run.stage({ outbox: [postOf(run, `${sessionId}/model-unopened-${wishedModel}`, body)] });
    return models;
  }
}
