// What AWS documents: subscribe to the agent, and set the state as the page goes. The state is chosen by its type, as
// any state would be that is not of this one stand-in. It waits for Streams as a script of the page's own need not.
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
    // Streams is not there yet, or not set up.
  }
}, 20)
