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

test.each(['normal', 'development', 'sideload'])(
  'an installation by hand (%s) opens the welcome page, once',
  async (type) => {
    stage.browser.installType = type
    await installed('install')
    expect(stage.browser.opened).toEqual([`${stage.browser.base}welcome.html`])
  },
)

test('an installation by policy, or an update, opens no page', async () => {
  await installed('update')
  stage.browser.installType = 'admin'
  await installed('install')
  expect(stage.browser.opened).toEqual([])
})

test('the button shows at once that the extension has lost access to the sites, and that access is back', async () => {
  stage.browser.areHostsGranted = false
  stage.browser.wake().onPermissionsRemoved.emit()
  await stage.settle()
  expect(stage.browser.badge).toEqual({ text: '!', title: 'badgeTitleNoAccess' })
  stage.browser.areHostsGranted = true
  stage.browser.wake().onPermissionsAdded.emit()
  await stage.settle()
  expect(stage.browser.badge).toEqual({ text: '', title: 'actionTitle' })
})

test('the button shows missing access at the start, too', async () => {
  stage.browser.stopWorker()
  stage.browser.areHostsGranted = false
  stage.browser.wake()
  await stage.settle()
  expect(stage.browser.badge.text).toBe('!')
})
