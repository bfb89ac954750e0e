module.exports = { displayName: 'wiring', preset: '../../jest.preset.js' };
