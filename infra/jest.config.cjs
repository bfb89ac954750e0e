module.exports = {
  displayName: 'infra',
  preset: '../jest.preset.js',
  globalSetup: '<rootDir>/test/synthesise-once.mjs',
};
