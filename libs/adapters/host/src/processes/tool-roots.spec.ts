import { describe, expect, it } from '@jest/globals';
import { isWithin, toolRoots } from './tool-roots';

describe('toolRoots', () => {
  const homes = ['/home/ada'];
  const hidden = ['/home/ada/.swe'];

  it.each<[string, string[], string[]]>([
    ['a toolchain whole', ['/home/ada/.nvm/versions/node/v24/bin'], ['/home/ada/.nvm/versions/node/v24']],
    ['installed programs with what they link to', ['/srv/app/node_modules/.bin'], ['/srv/app/node_modules']],
    ['a version manager whole', ['/home/ada/.pyenv/shims', '/home/ada/.pyenv/bin'], ['/home/ada/.pyenv']],
    ['an installation in the home', ['/home/ada/miniconda3/bin'], ['/home/ada/miniconda3']],
    [
      'only the programs of what keeps other things beside them',
      ['/home/ada/.local/bin', '/home/ada/.cargo/bin', '/home/ada/.docker/bin'],
      ['/home/ada/.local/bin', '/home/ada/.cargo/bin', '/home/ada/.docker/bin'],
    ],
    ['only the programs right in the home', ['/home/ada/bin/'], ['/home/ada/bin']],
    ['only the programs beside a home', ['/home/bin'], ['/home/bin']],
    ['a folder of another name alone', ['/srv/tools'], ['/srv/tools']],
    ['neither a home nor what holds one', ['/home/ada', '/home', '/'], []],
    ['nothing of what is hidden, nor what holds it', ['/home/ada/.swe/x/bin', '/home/ada/.swe'], []],
    ['nothing that depends on where one is', ['.', '', 'bin', './node_modules/.bin'], []],
  ])('shows %s', (_what, folders, expected) => {
    expect(toolRoots(folders, { homes, hidden })).toEqual(expected);
  });

  it.each<[string, string[], string[]]>([
    ['toolchains', ['/opt/node/bin', '/data/go/bin'], ['/opt/node', '/data/go']],
    ['no dot folder', ['/.local/bin', '/'], ['/.local/bin']],
  ])('with / as home shows %s', (_what, folders, expected) => {
    expect(toolRoots(folders, { homes: ['/'], hidden: ['/.swe'] })).toEqual(expected);
  });

  it('does not take a name that begins alike for being within', () => {
    expect([isWithin('/a/bc', '/a/b'), isWithin('/a/b', '/a/b'), isWithin('/a', '/')]).toEqual([
      false,
      true,
      true,
    ]);
  });
});
