module.exports = { displayName: 'adapter-http', preset: '../../../jest.preset.js' };
