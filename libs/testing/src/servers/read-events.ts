/** The events of a stream of server-sent events: `[name, data]`, the data parsed where it is JSON. */
export function readEvents(stream: string): readonly (readonly [name: string | undefined, data: unknown])[] {
  return stream
    .split('\n\n')
    .filter((event) => event.trim() !== '')
    .map((event) => {
      const field = (name: string) =>
        event
          .split('\n')
          .find((line) => line.startsWith(`${name}:`))
          ?.slice(name.length + 1)
          .trim();
      const data = field('data') ?? '';
      return [field('event'), data.startsWith('{') ? (JSON.parse(data) as unknown) : data];
    });
}
