import { expect, it } from '@jest/globals';
import { findAttachedFiles } from './attached-files';

const asset = 'https://github.com/user-attachments/assets/0f7a8f1e-1c2d-4e5f-8a9b-0123456789ab';
const log = 'https://github.com/user-attachments/files/17/server.log';

it.each([
  ['a picture', `Look: ![shot](${asset})`, [{ ref: `github:${asset}`, name: 'shot' }]],
  [
    'a picture in HTML',
    `<img width="300" alt="x" src="${asset}" />`,
    [{ ref: `github:${asset}`, name: '0f7a8f1e-1c2d-4e5f-8a9b-0123456789ab' }],
  ],
  ['a file', `[the log](${log})`, [{ ref: `github:${log}`, name: 'server.log' }]],
  ['a signed address', `![a](${asset}?jwt=x)`, [{ ref: `github:${asset}`, name: 'a' }]],
  [
    'an older address',
    '![a.png](https://user-images.githubusercontent.com/1/2-3.png)',
    [{ ref: 'github:https://user-images.githubusercontent.com/1/2-3.png', name: '2-3.png' }],
  ],
  [
    'one below a repository',
    '![a](https://git.acme.example/acme/shop/assets/1/2)',
    [{ ref: 'github:https://git.acme.example/acme/shop/assets/1/2', name: 'a' }],
  ],
  ['the same twice', `![a](${asset}) ![b](${asset})`, [{ ref: `github:${asset}`, name: 'a' }]],
  ['another page', '![a](https://example.com/a.png) [b](https://github.com/acme/shop/issues/1)', []],
  ['an address on its own', log, []],
])('%s', (_name, markdown, files) => {
  expect(findAttachedFiles(markdown)).toEqual(files);
});
