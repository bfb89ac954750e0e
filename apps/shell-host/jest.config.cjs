module.exports = { displayName: 'shell-host', preset: '../../jest.preset.js' };
