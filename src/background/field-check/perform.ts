/** Carries out the steps of a field check. */
import type { FieldCheck, Finding } from '../../domain/field-check/check'
import type { ChosenState } from '../../domain/field-check/looks'
import {
  addForms,
  chosenIn,
  configurationIn,
  expirationForm,
  formOf,
  inboundQueues,
  listedStart,
  listedStates,
} from '../../domain/field-check/looks'
import { bestCaller } from '../../domain/field-check/measure'
import type { CallBy, ChangeTo, Observed } from '../../domain/field-check/observations'
import { frameOf, headerKinds, keptNames, partsOf, unknownMembers } from '../../domain/field-check/page-findings'
import type { Step } from '../../domain/field-check/steps'
import type { CcpDocument } from '../../domain/closes/ccp-document'
import { awaitClose, awaitReturn, outcomeOf } from './guided'
import { Stop } from './calls'
import { changeStatus, ensureStatus, lookOrStop } from './change'
import type { Performing } from './performing'
import { openDocument, statesOf } from './performing'

type Body = Readonly<Record<string, unknown>>

/** Carries out a step, and resolves with what it found. @throws Stop where the check is to end */
export async function perform(step: Step, at: Performing): Promise<Finding> {
  const { calls, check, memory } = at
  switch (step.do) {
    case 'who': {
      const body = await calls.who('page')
      memory.routingProfileArn = configurationIn(body).routingProfileArn
      return { observed: noted(check, body) }
    }
    case 'queues':
      return queues(at)
    case 'states': {
      const body = await calls.states('page')
      memory.states = listedStates(body)
      return { observed: { ...noted(check, body), listedStarts: listedStart(body) } }
    }
    case 'page':
      return page(at)
    case 'look': {
      const body = await calls.look('page')
      const look = lookOrStop(body)
      return { observed: { ...noted(check, body), looks: [...check.observed.looks, look] } }
    }
    case 'headers':
      return headers(at)
    case 'background':
      return backgroundRound(at)
    case 'remember': {
      const body = await calls.look('page')
      lookOrStop(body)
      const original = chosenIn(body, await statesOf(at))
      if (original === null) throw new Stop('no_state')
      return { original }
    }
    case 'change':
      return change(step.by, step.to, at)
    case 'available': {
      const states = await statesOf(at)
      const ensured = await ensureStatus(bestCaller(check.observed), stateFor('available', states), { ...at, states })
      if (ensured !== 'shown') throw new Stop(ensured === 'contact' ? 'contact' : 'failed')
      return { entriesBefore: (await at.outside.entries()).map(({ id }) => id), closedAt: null }
    }
    case 'await_close':
      return awaitClose(at)
    case 'outcome':
      return outcomeOf(step.kind, at)
    case 'await_return':
      return awaitReturn(step.kind, at)
  }
}

/** The form of all answers so far, this one included. */
function noted({ observed }: FieldCheck, body: Body): Partial<Observed> {
  const form = formOf(body)
  return { form: observed.form === null ? form : addForms(observed.form, form) }
}

async function queues({ calls, check, memory }: Performing): Promise<Finding> {
  const arn = memory.routingProfileArn ?? configurationIn(await calls.who('page')).routingProfileArn
  // An unknown routing profile may bring contacts.
  if (arn === null) throw new Stop('inbound_queue')
  const body = await calls.queues('page', arn)
  if (inboundQueues(body) > 0) throw new Stop('inbound_queue')
  return { observed: noted(check, body) }
}

async function page({ check, outside, pause }: Performing): Promise<Finding> {
  const doc = await openDocument(outside)
  const hidden = hiddenParts(check, doc)
  const found = await outside.probe(check.subject.url, pause)
  const frames = doc?.place == null ? [] : await outside.frames(doc.place.tabId)
  const observed = { frames: frames.map(({ depth, path }) => frameOf(depth, path, hidden)) }
  if (found === null) return { observed }
  const { members, coreMembers, parameters, ...rest } = found
  return {
    observed: {
      ...observed,
      page: {
        ...rest,
        unknownMembers: keptNames(unknownMembers(members, coreMembers), hidden),
        parameters:
          parameters?.map(({ name, kind }) => ({ name: keptNames([name], hidden)[0] ?? '[other]', kind })) ?? null,
      },
    },
  }
}

function hiddenParts({ subject }: FieldCheck, doc: CcpDocument | null): string[] {
  const alias = subject.instance.split('.')[0] ?? ''
  return partsOf([subject.username, doc?.agent?.name ?? '', alias])
}

async function headers({ calls, outside }: Performing): Promise<Finding> {
  const doc = await openDocument(outside)
  const { place } = doc ?? {}
  if (place == null) throw new Stop('no_ccp')
  const found = await calls.turn('page', 'headers', async () => {
    const value = await outside.headers(place)
    return { status: value === null ? null : 200, value }
  })
  return { observed: { headers: headerKinds(found ?? []) } }
}

/** One round of the background's own calls. A call without an answer is recorded, and does not stop the check. */
async function backgroundRound({ calls, check }: Performing): Promise<Finding> {
  const own = calls.records.filter(({ by, token }) => by === 'background' && token > 0)
  // A refused token is tried again in a later round, to see
  // whether it was too fresh or the background itself is refused.
  const isKept = !calls.hasToken('background') || own.at(-1)?.status === 200
  const authorized = await calls.authorize('background', isKept)
  const tokenExpiration =
    authorized.body === null
      ? check.observed.tokenExpiration
      : expirationForm((authorized.body as { expiration?: unknown }).expiration)
  if (calls.hasToken('background')) {
    const answer = await calls.once('background', 'who', (token) => ({ authentication: { authToken: token } }))
    if (answer.body !== null && configurationIn(answer.body).username !== check.subject.username) {
      calls.drop('background')
      throw new Stop('other_agent')
    }
  }
  return { observed: { tokenExpiration } }
}

const KIND_OF: Readonly<Record<ChangeTo, string>> = {
  lunch: 'not_routable',
  available: 'routable',
  offline: 'offline',
  offline_again: 'offline',
}

/** The state in the agent's list that a change sets. @throws Stop where the list has none */
function stateFor(to: ChangeTo, states: readonly ChosenState[]): ChosenState {
  const state = states.find(({ type }) => type === KIND_OF[to])
  if (state === undefined) throw new Stop('no_state')
  return state
}

async function change(by: CallBy, to: ChangeTo, at: Performing): Promise<Finding> {
  const { check } = at
  const states = await statesOf(at)
  // An instance may have no status for a break, and a background that is refused cannot change the status.
  if (to === 'lunch' && !states.some(({ type }) => type === KIND_OF.lunch)) return {}
  if (by === 'background' && bestCaller(check.observed) !== 'background') return {}
  const record = await changeStatus(by, to, stateFor(to, states), { ...at, states })
  return { observed: { changes: [...check.observed.changes, record] } }
}
