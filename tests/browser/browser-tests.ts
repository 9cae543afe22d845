import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, test } from 'vitest'
import { answerAll, takeSocket } from './answers.ts'
import { findBrowser, NO_BROWSER, openBrowser, openPage } from './open-browser.ts'
import type { Cockpit } from './start-cockpit.ts'

/** What a file of browser tests begins with: one browser and one server for all its tests, every page closed after the test that opened it. */
export async function browserTests(serve: () => Promise<Cockpit>) {
  const found = await findBrowser()
  let browser: Browser | undefined
  let server: Cockpit | undefined
  beforeAll(async () => {
    if (found === undefined) return
    ;[browser, server] = await Promise.all([openBrowser(found), serve()])
  })
  // A page left open goes on polling and drawing beside the next test.
  afterEach(async () => {
    await Promise.all((browser?.contexts() ?? []).map((context) => context.close()))
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })
  return {
    browserTest: (name: string, run: () => Promise<void>) => test.skipIf(found === undefined)(`${name} (${NO_BROWSER})`, run),
    get url() {
      return server!.url
    },
    openPage: () => openPage(browser!),
    /** A page whose server is the test; `bars` are what the live channel sends. */
    async answeredPage(locale?: string, bars?: readonly object[]) {
      const { page, complaints } = await openPage(browser!, locale)
      await answerAll(page)
      const socket = await takeSocket(page, undefined, bars)
      return { page, complaints, socket }
    },
  }
}

/** The Chinese names in the rows of a table, from the top. */
export async function rowNames(page: Page): Promise<readonly string[]> {
  return (await page.locator('[role="row"][id]').allInnerTexts()).map((text) => /[\u4e00-\u9fff]{3,4}/.exec(text)![0])
}
