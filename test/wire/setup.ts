// The stage itself reads the log, outside of any world: its signals reach nobody there.
jest.mock('webextension-polyfill', () => ({ __esModule: true, default: {} }))
