import { expect, it } from '@jest/globals';
import { githubServer, nameOnServer, repoUrlOf } from './github-server';

it.each([
  ['https://github.com', undefined, 'github.com', 'https://api.github.com'],
  ['https://github.com/', 'https://proxy.example/github/', 'github.com', 'https://proxy.example/github'],
  ['https://acme.ghe.com', undefined, 'acme.ghe.com', 'https://api.acme.ghe.com'],
  ['https://git.acme.example', undefined, 'git.acme.example', 'https://git.acme.example/api/v3'],
  ['http://127.0.0.1:3000', undefined, '127.0.0.1:3000', 'http://127.0.0.1:3000/api/v3'],
])('%s with the API %s', (serverUrl, given, host, apiUrl) => {
  expect(githubServer(serverUrl, given)).toEqual({ host, webUrl: serverUrl.replace(/\/$/, ''), apiUrl });
});

it.each([
  ['https://github.com/octocat/Hello-World', { owner: 'octocat', repo: 'Hello-World' }],
  ['https://github.com/octocat/Hello-World.git', { owner: 'octocat', repo: 'Hello-World' }],
  ['https://github.com/octocat/a.b_c/', { owner: 'octocat', repo: 'a.b_c' }],
  ['https://github.com/octocat', undefined],
  ['https://github.com/octocat/Hello-World/issues/1', undefined],
  ['http://github.com/octocat/Hello-World', undefined],
  ['https://github.com.evil.example/octocat/Hello-World', undefined],
  ['forge://shop', undefined],
  ['', undefined],
])('%j names %j', (url, name) => {
  const server = githubServer('https://github.com');
  expect(nameOnServer(server, url)).toEqual(name);
  if (name !== undefined) expect(nameOnServer(server, repoUrlOf(server, name))).toEqual(name);
});
