// The first of a file loads all the worlds: where nothing of them is compiled yet, on a busy machine, that takes seconds.
jest.setTimeout(30_000)
