import type { AgentEvent, AgentObserver, Span, Tracer } from '@swe/domain';

type Event<Type extends AgentEvent['type']> = AgentEvent & { readonly type: Type };

/**
 * Traces what an agent does, as it is observed: a turn within the trace of the message that it is for, in it steps, in
 * these model calls, tool calls and their effects. Names are OpenTelemetry's where it has some:
 * https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/. Nothing that was said, written or shown is told.
 */
export function traceActivity(tracer: Tracer): AgentObserver {
  /** Of what a process before this one has left open. */
  let left: string | undefined;
  let session: string | undefined;
  let turn: Span | undefined;
  let step: Span | undefined;
  let call: Span | undefined;
  let lastTurn: string | undefined;
  const tools = new Map<string, Span>();
  const effects = new Map<string, Span>();

  const inSession = () => (session === undefined ? {} : { 'session.id': session });

  function openTurn(parent: string | undefined): Span {
    turn ??= tracer.start('turn', { parent: parent ?? left, attributes: inSession() });
    left = undefined;
    return turn;
  }

  function closeTurn(how: string, failure?: string): void {
    for (const span of [...effects.values(), ...tools.values(), call, step]) span?.end();
    effects.clear();
    tools.clear();
    [call, step] = [undefined, undefined];
    turn?.set({ 'swe.outcome': how });
    turn?.end(failure);
    lastTurn = turn?.traceparent ?? lastTurn;
    turn = undefined;
  }

  function admit({ traceparent: parent }: Event<'message.admitted'>): void {
    const { traceparent } = openTurn(parent);
    // A message that joins a turn has a trace of its own, which leads to the turn's.
    tracer.start('message.admit', { parent, attributes: { ...inSession(), 'swe.turn': traceparent } }).end();
  }

  function beginStep(event: Event<'step.started'>): void {
    const { traceparent: parent } = openTurn(undefined);
    step?.end();
    step = tracer.start('step', { parent, attributes: { 'swe.step': event.step } });
    call = tracer.start(`chat ${event.model}`, {
      parent: step.traceparent,
      attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': event.model },
    });
  }

  function endCall({ stop, usage }: Event<'step.finished'>): void {
    call?.set({
      'swe.stop': stop,
      ...(usage !== undefined && {
        'gen_ai.usage.input_tokens': usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens,
        'gen_ai.usage.output_tokens': usage.outputTokens,
        'swe.usage.cache_read_tokens': usage.cacheReadTokens,
      }),
    });
    call?.end(stop === 'error' ? stop : undefined);
    call = undefined;
  }

  function beginTool({ callId, name }: Event<'tool.started'>): void {
    const { traceparent: parent } = step ?? openTurn(undefined);
    const attributes = {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': name,
      'gen_ai.tool.call.id': callId,
    };
    tools.set(callId, tracer.start(`execute_tool ${name}`, { parent, attributes }));
  }

  return (event) => {
    switch (event.type) {
      case 'session.opened':
        session = event.sessionId;
        left = event.traceparent;
        return;
      case 'message.admitted':
        return admit(event);
      case 'step.started':
        return beginStep(event);
      case 'step.finished':
        return endCall(event);
      case 'tool.started':
        return beginTool(event);
      case 'tool.finished':
        tools.get(event.callId)?.end(event.isError ? 'error' : undefined);
        return void tools.delete(event.callId);
      case 'effect.started': {
        const parent = (tools.get(event.callId) ?? step ?? turn)?.traceparent;
        const attributes = { 'swe.effect.key': event.effectKey };
        return void effects.set(event.effectKey, tracer.start('effect', { parent, attributes }));
      }
      case 'effect.finished':
        effects.get(event.effectKey)?.end(event.isError ? 'error' : undefined);
        return void effects.delete(event.effectKey);
      case 'post.delivered': {
        const parent = turn?.traceparent ?? lastTurn;
        const attributes = { ...inSession(), 'swe.effect.key': event.effectKey };
        return tracer.start('post.deliver', { parent, attributes }).end();
      }
      case 'session.parked':
      case 'session.waiting':
        return closeTurn(event.type.replace('session.', ''));
      case 'turn.finished': {
        const { kind } = event.outcome;
        return closeTurn(kind, kind === 'failed' ? kind : undefined);
      }
    }
  };
}
