// The quickest that a page can do: one request to the API, made ready beforehand. The token is where the stand-in's own
// page has it: a page of Amazon Connect's need not have it there.
const waiting = setInterval(() => {
  try {
    globalThis.connect.agent((agent) => {
      const { agentStateARN, type, name } = agent.getAgentStates().find((state) => state.type === 'offline')
      const { endpoint, authToken } = JSON.parse(document.getElementById('settings').textContent).init
      const init = {
        method: 'POST',
        headers: {
          'Content-Type': 'application/x-amz-json-1.0',
          'X-Amz-Target': 'AmazonConnectCTIService.PutAgentState',
          'X-Amz-Bearer': authToken,
        },
        body: JSON.stringify({ authentication: { authToken }, state: { agentStateARN, type, name } }),
        keepalive: true,
      }
      addEventListener('beforeunload', () => void fetch(endpoint, init))
    })
    clearInterval(waiting)
  } catch {
    // Streams is not there yet, or not set up.
  }
}, 20)
