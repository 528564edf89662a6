import { byId } from '../../ui/dom'
import type { LogPlaces } from './log-section'

/** The elements of the options page that the log uses. */
export function logPlaces(): LogPlaces {
  return {
    search: byId('log-search', HTMLInputElement),
    outcome: byId('log-outcome', HTMLSelectElement),
    cause: byId('log-cause', HTMLSelectElement),
    agent: byId('log-agent', HTMLSelectElement),
    time: byId('log-time', HTMLSelectElement),
    between: byId('log-between', HTMLElement),
    from: byId('log-from', HTMLInputElement),
    to: byId('log-to', HTMLInputElement),
    clear: byId('log-clear', HTMLButtonElement),
    dialog: byId('log-dialog', HTMLDialogElement),
    cancel: byId('log-clear-cancel', HTMLButtonElement),
    confirm: byId('log-clear-confirm', HTMLButtonElement),
    count: byId('log-count', HTMLElement),
    reset: byId('log-reset', HTMLButtonElement),
    message: byId('log-message', HTMLElement),
    frame: byId('log-frame', HTMLElement),
    head: byId('log-head', HTMLElement),
    rows: byId('log-rows', HTMLElement),
    more: byId('log-more', HTMLElement),
  }
}
