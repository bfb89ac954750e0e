/** Every shape in which a credential has been seen to leave. */
export function credentialShapes(username: string, password: string): readonly string[] {
  const texts = [password, `${username}:${password}`, `:${password}`];
  return texts.flatMap((text) => {
    const bytes = Buffer.from(text);
    // Base64 of a longer text holds it at any of three offsets; what its neighbours touch is left out.
    const within = [0, 1, 2].map((offset) =>
      Buffer.concat([Buffer.alloc(offset), bytes])
        .toString('base64')
        .slice(offset === 0 ? 0 : offset + 2, -4),
    );
    return [
      text,
      encodeURIComponent(text),
      inAddress(text),
      bytes.toString('hex'),
      bytes.toString('base64url'),
      ...within,
    ];
  });
}

/** As it stands in an address, where fewer characters are escaped. */
function inAddress(text: string): string {
  const url = new URL('https://host');
  url.password = text;
  return url.password;
}
