import { Stage } from './stage'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
})
afterEach(() => stage.close())

const installed = async (reason: string): Promise<void> => {
  stage.browser.wake().onInstalled.emit({ reason })
  await stage.settle()
}

test.each(['normal', 'development', 'sideload'])('installed by hand (%s): the welcome page, once', async (type) => {
  stage.browser.installType = type
  await installed('install')
  expect(stage.browser.opened).toEqual([`${stage.browser.base}welcome.html`])
})

test('installed by policy, or updated: none', async () => {
  await installed('update')
  stage.browser.installType = 'admin'
  await installed('install')
  expect(stage.browser.opened).toEqual([])
})

test('the button says at once that the sites are closed to us, and that they are open again', async () => {
  stage.browser.areHostsGranted = false
  stage.browser.wake().onPermissionsRemoved.emit()
  await stage.settle()
  expect(stage.browser.badge).toEqual({ text: '!', title: 'badgeTitleNoAccess' })
  stage.browser.areHostsGranted = true
  stage.browser.wake().onPermissionsAdded.emit()
  await stage.settle()
  expect(stage.browser.badge).toEqual({ text: '', title: 'actionTitle' })
})

test('so it does when it starts', async () => {
  stage.browser.stopWorker()
  stage.browser.areHostsGranted = false
  stage.browser.wake()
  await stage.settle()
  expect(stage.browser.badge.text).toBe('!')
})
