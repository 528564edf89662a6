import { Journal } from '../journal'
import { AgentModel, type AgentOptions } from '../model/agent-model'
import { ApiError } from '../model/errors'
import { StateList } from '../model/agent-states'

const agents: AgentModel[] = []

afterEach(() => {
  for (const agent of agents.splice(0)) agent.close()
})

function newAgent(options: Partial<AgentOptions> = {}) {
  const journal = new Journal()
  const states = new StateList('acme')
  const agent = new AgentModel('acme', states, journal, { username: 'alice', state: 'Available', ...options })
  agents.push(agent)
  const put = (name: string, enqueueNextState?: boolean) =>
    agent.putState({ arn: states.get(name).arn, enqueueNextState }, { by: 'test' })
  return { journal, states, agent, put }
}

/** The code of the error that the API would answer; undefined where it would answer with success. */
function codeOf(act: () => void): string | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    return error instanceof ApiError ? error.code : String(error)
  }
}

describe('a voice contact', () => {
  it('changes the state while it rings, while it is connected and during after-contact work', () => {
    const { agent } = newAgent()
    agent.ring()
    expect(agent.state()).toMatchObject({ name: 'PendingBusy', type: 'system' })
    agent.accept()
    expect(agent.state().name).toBe('Busy')
    agent.endContact()
    expect(agent.state()).toMatchObject({ name: 'AfterCallWork', type: 'system' })
    agent.clearContact()
    expect(agent.state()).toMatchObject({ name: 'Available', type: 'routable' })
    expect(agent.contacts()).toEqual([])
  })

  it('that nobody accepts puts the agent into MissedCallAgent', async () => {
    const { agent, journal } = newAgent({ ringMs: 5 })
    agent.ring()
    const entry = await journal.waitForState({ name: 'MissedCallAgent' })
    expect(entry).toMatchObject({ to: { type: 'error' }, cause: { by: 'contact', why: 'missed' } })
    expect(agent.contact().state).toBe('error')
  })

  it('makes the API refuse a new state without enqueueing', () => {
    const { agent, put } = newAgent()
    agent.ring()
    expect(codeOf(() => put('Offline'))).toBe('InvalidStateException')
    agent.accept()
    expect(codeOf(() => put('Offline', false))).toBe('InvalidStateException')
  })

  it('is followed by the next state when after-contact work is finished', () => {
    const { agent, put } = newAgent()
    agent.ring()
    agent.accept()
    put('Offline', true)
    expect(agent.state().name).toBe('Busy')
    expect(agent.nextState()).toMatchObject({ name: 'Offline', type: 'offline' })
    agent.endContact()
    expect(agent.state().name).toBe('AfterCallWork')
    agent.clearContact()
    expect(agent.state().name).toBe('Offline')
    expect(agent.nextState()).toBeUndefined()
  })

  it('in after-contact work is cleared at once when a state is set', () => {
    const { agent, put } = newAgent()
    agent.ring()
    agent.accept()
    agent.endContact()
    put('Offline')
    expect(agent.state().name).toBe('Offline')
    expect(agent.contacts()).toEqual([])
  })

  it('that was missed with Offline enqueued leads to Offline, whatever state is set (issue 613)', () => {
    const { agent, put } = newAgent()
    agent.ring()
    put('Offline', true)
    agent.missContact()
    put('Available')
    expect(agent.state().name).toBe('Offline')
  })

  it('is not routed to an agent who is not Available', () => {
    expect(() => newAgent({ state: 'Offline' }).agent.ring()).toThrow('no contact is routed')
  })

  it('can be held and resumed', () => {
    const { agent } = newAgent()
    agent.ring()
    agent.accept()
    agent.hold()
    expect(agent.contact().onHold).toBe(true)
    agent.resume()
    expect(agent.contact().onHold).toBe(false)
  })
})

describe('chats and tasks', () => {
  it.each(['chat', 'task'] as const)('a %s does not change the state', (channel) => {
    const { agent } = newAgent()
    agent.ring({ channel })
    agent.accept()
    agent.endContact()
    expect(agent.state().name).toBe('Available')
    expect(agent.contact().state).toBe('ended')
  })

  it('are live contacts nevertheless', () => {
    const { agent, put } = newAgent()
    agent.ring({ channel: 'chat' })
    expect(codeOf(() => put('Offline'))).toBe('InvalidStateException')
  })
})

describe('the agent', () => {
  it('keeps the ARN and type of a state that is renamed', () => {
    const { agent, states } = newAgent({ state: 'Offline' })
    const before = states.get('offline').arn
    agent.rename('offline', 'Abgemeldet')
    expect(agent.state()).toMatchObject({ name: 'Abgemeldet', type: 'offline', arn: before })
  })

  it('cannot enqueue a state with an old CCP', () => {
    const { put } = newAgent({ rejectEnqueue: true })
    expect(codeOf(() => put('Offline', true))).toBe('UnexpectedParameter')
    expect(() => put('Offline')).not.toThrow()
  })

  it('cannot choose a system state', () => {
    const { agent, states } = newAgent()
    const { arn } = states.systemState('Busy')
    expect(codeOf(() => agent.putState({ arn }, { by: 'test' }))).toBe('InvalidParameterException')
  })

  it('gets a state from a supervisor, at once or after the contact', () => {
    const { agent, journal } = newAgent()
    agent.set('Offline')
    expect(journal.states.at(-1)).toMatchObject({ to: { name: 'Offline' }, cause: { by: 'supervisor' } })
    agent.set('Available')
    agent.ring()
    agent.accept()
    agent.set('Offline')
    expect(agent.state().name).toBe('Busy')
    expect(agent.nextState()?.name).toBe('Offline')
  })
})
