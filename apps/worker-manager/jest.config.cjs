module.exports = { displayName: 'worker-manager', preset: '../../jest.preset.js' };
