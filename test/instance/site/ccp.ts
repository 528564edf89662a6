import type { Callbacks, Streams, StreamsAgent, StreamsContact, StreamsState } from './streams'

/**
 * The script of the CCP pages. It starts Streams like the stock page, and shows the agent. The agent's state is always
 * read from Streams, never stored here.
 */
const { connect } = globalThis as unknown as { readonly connect: Streams }
const settings = JSON.parse(element('settings').textContent) as {
  readonly generation: 'v1' | 'v2'
  readonly logoutUrl: string
  readonly connectGlobal: 'there' | 'gone' | 'more-members'
  readonly init: unknown
}
let current: StreamsAgent | undefined

function element(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`No element ${id}.`)
  return found
}

function make(tag: string, className: string, text = ''): HTMLElement {
  const made = document.createElement(tag)
  made.className = className
  made.textContent = text
  return made
}

function button(label: string, className: string, act: () => void): HTMLElement {
  const made = make('button', className, label)
  made.addEventListener('click', act)
  return made
}

function explain(error: unknown): string {
  try {
    const parsed = JSON.parse(String(error)) as { readonly type?: string; readonly message?: string }
    return parsed.message ?? parsed.type ?? String(error)
  } catch {
    return String(error)
  }
}

/** Callbacks that show a failure for a few seconds. */
const reporting = (what: string): Callbacks => ({
  failure: (error) => {
    const problem = element('problem')
    problem.textContent = `${what} did not work: ${explain(error)}`
    problem.hidden = false
    setTimeout(() => (problem.hidden = true), 6000)
  },
})

const twoDigits = (value: number): string => String(value).padStart(2, '0')

function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  return `${twoDigits(Math.floor(seconds / 3600))}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`
}

const LABELS: Readonly<Record<string, string>> = {
  PendingBusy: 'Incoming call',
  CallingCustomer: 'Calling',
  Busy: 'On call',
  AfterCallWork: 'After call work',
  MissedCallAgent: 'Missed call',
  FailedConnectAgent: 'Failed to connect',
}

function showTimers(): void {
  if (!current) return
  element('timer').textContent = duration(Date.now() - current.getState().startTimestamp.getTime())
  for (const timer of document.querySelectorAll<HTMLElement>('.contact .since')) {
    timer.textContent = duration(Date.now() - Number(timer.dataset['since']))
  }
}

function setState(state: StreamsState): void {
  closeMenu()
  const contacts = current?.getContacts() ?? []
  const options = settings.generation === 'v2' && contacts.length > 0 ? { enqueueNextState: true } : undefined
  current?.setState(state, reporting(state.name), options)
}

function showMenu(agent: StreamsAgent): void {
  const options = agent.getAgentStates().map((state) => {
    const item = make('li', 'option')
    item.setAttribute('role', 'option')
    item.setAttribute('aria-selected', String(state.agentStateARN === agent.getState().agentStateARN))
    item.tabIndex = 0
    item.dataset['type'] = state.type
    item.dataset['name'] = state.name
    item.append(make('span', `dot ${state.type}`), make('span', '', state.name))
    item.addEventListener('click', () => setState(state))
    item.addEventListener('keydown', ({ key }) => {
      if (key === 'Enter') setState(state)
    })
    return item
  })
  element('menu').replaceChildren(...options)
}

function closeMenu(): void {
  element('menu').hidden = true
  element('status').setAttribute('aria-expanded', 'false')
}

const CHANNELS: Readonly<Record<string, string>> = {
  voice: 'Voice',
  queue_callback: 'Callback',
  chat: 'Chat',
  task: 'Task',
}

const CONTACT_STATES: Readonly<Record<string, string>> = {
  incoming: 'Incoming',
  connecting: 'Incoming',
  connected: 'Connected',
  ended: 'After contact work',
  missed: 'Missed',
  error: 'Missed',
}

function actionsOf(contact: StreamsContact): HTMLElement[] {
  const type = contact.getStatus().type
  if (type === 'incoming' || type === 'connecting') {
    const decline = (): void => {
      if (contact.reject) contact.reject(reporting('Decline'))
      else contact.getAgentConnection().destroy(reporting('Decline'))
    }
    return [
      button('Decline', 'decline', decline),
      button('Accept', 'accept', () => contact.accept(reporting('Accept'))),
    ]
  }
  if (type === 'connected') {
    const end = button(contact.getType() === 'voice' ? 'End call' : 'End', 'decline', () =>
      contact.getAgentConnection().destroy(reporting('End')),
    )
    const customer = contact.getInitialConnection()
    if (contact.getType() !== 'voice' || !customer) return [end]
    const held = customer.isOnHold()
    const hold = button(held ? 'Resume' : 'Hold', 'plain', () => {
      if (held) customer.resume(reporting('Resume'))
      else customer.hold(reporting('Hold'))
    })
    return [hold, end]
  }
  const clear = (): void => {
    if (contact.clear) contact.clear(reporting('Close contact'))
    else contact.complete(reporting('Close contact'))
  }
  return [button('Close contact', 'plain', clear)]
}

function card(contact: StreamsContact): HTMLElement {
  const { type, timestamp } = contact.getStatus()
  const channel = contact.getType()
  const endpoint = contact.getInitialConnection()?.getEndpoint()
  const since = make('span', 'since')
  since.dataset['since'] = String(timestamp.getTime())
  const item = make('li', `contact ${channel} ${type}`)
  item.dataset['id'] = contact.getContactId()
  const head = make('div', 'head')
  head.append(make('span', 'channel', CHANNELS[channel] ?? channel), since)
  const held = contact.getInitialConnection()?.isOnHold() ?? false
  const what = held ? 'On hold' : (CONTACT_STATES[type] ?? type)
  const actions = make('div', 'actions')
  actions.append(...actionsOf(contact))
  item.append(
    head,
    make('strong', 'who', endpoint?.name ?? endpoint?.phoneNumber ?? 'Customer'),
    make('span', 'what', `${what} · ${contact.getQueue()?.name ?? 'Direct'}`),
    actions,
  )
  return item
}

function show(agent: StreamsAgent): void {
  current = agent
  const state = agent.getState()
  const contacts = agent.getContacts()
  const next = agent.getNextState?.()
  document.body.dataset['state'] = state.name
  document.body.dataset['stateType'] = state.type
  element('state-name').textContent = LABELS[state.name] ?? state.name
  element('dot').className = `dot ${state.type}`
  element('status').removeAttribute('disabled')
  element('agent-name').textContent = agent.getName()
  element('avatar').textContent = agent.getName().charAt(0)
  element('hint').textContent =
    state.type === 'routable' ? 'You are ready for contacts.' : 'Set your status to Available to get contacts.'
  element('next').hidden = !next
  element('next').textContent = next ? `Next status: ${next.name}` : ''
  element('contacts').replaceChildren(...contacts.map(card))
  element('idle').hidden = contacts.length > 0 || !element('pad').hidden
  showMenu(agent)
  showTimers()
}

/** Notifies every CCP on this worker that the session has ended, so that they reload. */
function terminate(): void {
  connect.core.getEventBus().trigger(connect.EventType.TERMINATE)
}

/** Ends the session and notifies every CCP on this worker, as the stock page is known to do. */
async function leave(): Promise<void> {
  await fetch(settings.logoutUrl, { credentials: 'include' })
  terminate()
}

function logOut(event: Event): void {
  event.preventDefault()
  const offline = current?.getAgentStates().find(({ type }) => type === 'offline')
  // On v1 the link does not change the status (issue 493). On v2 the button sets Offline first.
  if (settings.generation === 'v1' || !offline || !current) void leave()
  else
    current.setState(
      offline,
      { success: () => void leave(), ...reporting('Log out') },
      { enqueueNextState: current.getContacts().length > 0 },
    )
}

function togglePad(): void {
  const pad = element('pad')
  pad.hidden = !pad.hidden
  element('show-pad').setAttribute('aria-expanded', String(!pad.hidden))
  element('idle').hidden = !pad.hidden || (current?.getContacts().length ?? 0) > 0
}

function listen(): void {
  const number = element('number') as HTMLInputElement
  element('status').addEventListener('click', () => {
    const open = element('menu').hidden
    element('menu').hidden = !open
    element('status').setAttribute('aria-expanded', String(open))
  })
  document.addEventListener('click', ({ target }) => {
    if (target instanceof Element && !target.closest('#menu, #status')) closeMenu()
  })
  element('logout').addEventListener('click', logOut)
  // For stories: stands for a script of the page, which can use Streams even in worlds without the global `connect`.
  document.addEventListener('stand-in:terminate', terminate)
  element('show-pad').addEventListener('click', togglePad)
  for (const key of document.querySelectorAll<HTMLElement>('.key')) {
    key.addEventListener('click', () => (number.value += key.dataset['key'] ?? ''))
  }
  element('call').addEventListener('click', () => {
    current?.connect(connect.Endpoint.byPhoneNumber(number.value), reporting('Call'))
    togglePad()
  })
}

/** Changes the global `connect` as the world requires, once the page has started. */
function settleGlobal(): void {
  const global = globalThis as unknown as Record<string, unknown>
  if (settings.connectGlobal === 'gone') {
    Reflect.deleteProperty(global, 'connect')
    Reflect.deleteProperty(global, 'lily')
  }
  if (settings.connectGlobal !== 'more-members') return
  const secret = {
    enumerable: true,
    get: (): never => {
      throw new Error('This member is for the page alone.')
    },
  }
  for (const target of [connect, connect.core]) Object.defineProperty(target, 'memberOfTomorrow', secret)
}

listen()
connect.core.initSharedWorker(settings.init)
connect.agent((agent) => {
  show(agent)
  agent.onRefresh(show)
})
settleGlobal()
setInterval(showTimers, 1000)
