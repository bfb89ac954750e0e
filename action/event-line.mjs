/** An event of a session as a line of the log; undefined for one that nobody needs to see. */
export function eventLine(event) {
  switch (event.type) {
    case 'step.finished':
      return event.text.trim() || undefined;
    case 'tool.finished': {
      const what = event.command === undefined ? event.name : `$ ${event.command}`;
      return `${what}${event.isError ? ' (failed)' : ''}`;
    }
    case 'effect.intended':
      return `> ${event.what}`;
    case 'session.waiting':
      return `Waits until ${event.until}: ${event.reason}`;
    case 'status.changed':
      return event.from === event.to ? undefined : `The session is ${event.to}.`;
    default:
      return undefined;
  }
}
