// The stage reads the log outside of any world, where its change signals have no receivers.
jest.mock('webextension-polyfill', () => ({ __esModule: true, default: {} }))
