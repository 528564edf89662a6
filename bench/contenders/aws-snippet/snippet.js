// What AWS documents: subscribe to the agent, and set the state in `beforeunload`. The state is chosen by its type, so
// that the snippet works on any instance. Unlike a script of the page itself, it has to wait for Streams.
const waiting = setInterval(() => {
  try {
    globalThis.connect.agent((agent) => {
      addEventListener('beforeunload', () => {
        const offline = agent.getAgentStates().find(({ type }) => type === 'offline')
        agent.setState(offline, { success: () => undefined, failure: () => undefined })
      })
    })
    clearInterval(waiting)
  } catch {
    // Streams is not loaded or not initialized yet.
  }
}, 20)
