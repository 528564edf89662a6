import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { run } from './run'
import { until } from './until'

/** An X display with a window manager, and a person's input devices. */
export interface Display {
  /** As in the variable DISPLAY. */
  readonly name: string
  /** The environment for programs that should appear on it. */
  readonly env: NodeJS.ProcessEnv
  /** The id of the visible window whose title contains the text, if there is one. */
  windowTitled(text: string): Promise<string | undefined>
  /** The ids of all visible top-level windows, including open menus. */
  windows(): Promise<string[]>
  /** Whether the window still exists. */
  hasWindow(id: string): Promise<boolean>
  /** Raises the window and gives it the keyboard focus; resolves when it has it. */
  activate(id: string): Promise<void>
  /** Presses a key or a combination of keys, such as `ctrl+w`, for the active window. */
  key(combination: string): Promise<void>
  /** Holds keys down, such as `ctrl+shift`, until `meanwhile` is over, which may press others. */
  hold(keys: string, meanwhile: (press: (key: string) => Promise<void>) => Promise<void>): Promise<void>
  /** Clicks with the mouse into the middle of a window. */
  click(id: string): Promise<void>
  /** Types the text into the active window. */
  type(text: string): Promise<void>
  /** Makes the screen saver cover the screen, which programs take for a lock, until the next key. */
  lock(): Promise<void>
  /** Writes a PNG of everything visible. */
  screenshot(file: string): Promise<void>
  /** Ends the window manager and the display, if they were started here. */
  stop(): Promise<void>
}

/** The kind of display. */
export interface DisplayOptions {
  width?: number
  height?: number
  /** Show the windows on the display of the variable DISPLAY, with its window manager, to watch a test. */
  useExisting?: boolean
}

/** Starts a new display, with openbox as the window manager. */
export async function startDisplay(options: DisplayOptions = {}): Promise<Display> {
  const existing = process.env['DISPLAY']
  if (options.useExisting && existing) return handsOn(existing, [])

  const { width = 1600, height = 1000 } = options
  const args = ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-noreset']
  const server = spawnBound('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const number = await displayNumber(server)
  const name = `:${number}`
  const manager = spawnBound('openbox', ['--sm-disable'], { env: envOf(name), stdio: 'ignore' })
  const display = handsOn(name, [manager, server])
  // Only a window manager answers this question.
  await until('openbox to manage the display', async () => (await xdotool(name, 'get_desktop')) !== '')
  return display
}

/** Starts a program that ends with this process, even if this one is killed, and takes the browsers with it. */
function spawnBound(program: string, args: string[], options: SpawnOptions): ChildProcess {
  return spawn('setpriv', ['--pdeathsig', 'TERM', program, ...args], options)
}

async function displayNumber(server: ChildProcess): Promise<string> {
  const pipe = server.stdio[3]
  if (!pipe) throw new Error('Xvfb has no pipe to tell its display number')
  const told = once(pipe, 'data').then(([data]) => String(data).trim())
  const failed = once(server, 'exit').then(([code]) => {
    throw new Error(`Xvfb ended with code ${String(code)} before it had a display`)
  })
  return Promise.race([told, failed])
}

function envOf(name: string): NodeJS.ProcessEnv {
  // Without a session bus to look for, and without accessibility and portal services on it, programs start sooner.
  const quiet = { DBUS_SESSION_BUS_ADDRESS: 'disabled:', NO_AT_BRIDGE: '1', GTK_USE_PORTAL: '0' }
  return { ...process.env, ...quiet, DISPLAY: name, WAYLAND_DISPLAY: undefined }
}

function xdotool(name: string, ...args: string[]): Promise<string> {
  return run('xdotool', args, envOf(name))
}

function handsOn(name: string, processes: ChildProcess[]): Display {
  const xdo = (...args: string[]): Promise<string> => xdotool(name, ...args)
  return {
    name,
    env: envOf(name),
    windowTitled: async (text) => {
      const ids = await xdo('search', '--onlyvisible', '--name', escapeRegExp(text)).catch(() => '')
      return ids.split('\n').find((id) => id !== '')
    },
    windows: async () => (await xdo('search', '--onlyvisible', '--maxdepth', '1', '--name', '.*')).split('\n'),
    hasWindow: (id) =>
      xdo('getwindowname', id).then(
        () => true,
        () => false,
      ),
    activate: async (id) => {
      await xdo('windowactivate', '--sync', id)
      await until(`window ${id} to be active`, async () => (await xdo('getactivewindow')) === id)
    },
    key: async (combination) => {
      await xdo('key', '--clearmodifiers', combination)
    },
    hold: async (keys, meanwhile) => {
      const names = keys.split('+')
      await xdo('keydown', ...names)
      try {
        await meanwhile(async (key) => {
          await xdo('key', key)
        })
      } finally {
        await xdo('keyup', ...names)
      }
    },
    click: async (id) => {
      const geometry = await xdo('getwindowgeometry', '--shell', id)
      const middle = (side: string) => String(Math.round(Number(new RegExp(`${side}=(\\d+)`).exec(geometry)?.[1]) / 2))
      await xdo('mousemove', '--window', id, middle('WIDTH'), middle('HEIGHT'), 'click', '1')
    },
    type: async (text) => {
      await xdo('type', '--delay', '1', text)
    },
    lock: async () => {
      await run('xset', ['s', 'activate'], envOf(name))
    },
    screenshot: async (file) => {
      await run('scrot', ['--overwrite', '--pointer', file], envOf(name))
    },
    stop: async () => {
      for (const child of processes) await end(child)
    },
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill()
  await ended
}
