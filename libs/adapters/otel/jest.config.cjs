module.exports = { displayName: 'adapter-otel', preset: '../../../jest.preset.js' };
