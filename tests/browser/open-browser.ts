import { accessSync, constants, mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'

/** A browser that can be started: where it is and what it needs to run headless here. */
export interface FoundBrowser {
  readonly path: string
  readonly args: readonly string[]
}

const quiet = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

/** The browser for tests: $CHROME, else a Chromium on PATH, else the packaged one (Linux x64), else undefined: the tests are then skipped and say so. */
export async function findBrowser(): Promise<FoundBrowser | undefined> {
  const named = process.env['CHROME']
  if (named !== undefined && named !== '') return { path: named, args: quiet }
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isProgram)
  if (onPath !== undefined) return { path: onPath, args: quiet }
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  // Read at import: with it the package unpacks the shared libraries a bare system lacks (libnspr4 and others).
  process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs24.x'
  const { default: packaged } = await import('@sparticuz/chromium')
  // Not the package's own arguments: they put everything in one process, which ends when the first context is closed.
  return { path: await packaged.executablePath(), args: [...quiet, '--no-zygote', '--font-render-hinting=none'] }
}

/** In the name of every browser test, so that a skipped one says why. */
export const NO_BROWSER = 'needs a browser'

export async function openBrowser({ path, args }: FoundBrowser): Promise<Browser> {
  return chromium.launch({ executablePath: path, headless: true, args: [...args] })
}

/** A page as the cockpit is designed for, 1440 × 900, and everything it complained about. */
export interface WatchedPage {
  readonly page: Page
  /** Uncaught errors and console errors so far. A request that was made to fail is not one. */
  readonly complaints: readonly string[]
}

export async function openPage(browser: Browser, locale = 'zh-CN'): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale, timezoneId: 'America/New_York' })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource|WebSocket/.test(message.text())) complaints.push(message.text())
  })
  return { page, complaints }
}

/** Keep a picture of the page as a test artefact: `.artifacts/browser/<name>.png`. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = join(import.meta.dirname, '../../.artifacts/browser')
  mkdirSync(folder, { recursive: true })
  await page.evaluate('document.fonts.ready')
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

/**
 * Chinese words drawn as something else than Chinese glyphs: every such glyph is as wide as the font is high, a missing one is not.
 * Runs in the page; the answer names the words.
 */
export async function missingGlyphs(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(`(() => {
    const missing = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent
      const parent = walker.currentNode.parentElement
      const style = getComputedStyle(parent)
      if (!/^[\\u4e00-\\u9fff]+$/.test(text) || parent.closest('option') || style.letterSpacing !== 'normal') continue
      const range = document.createRange()
      range.selectNodeContents(walker.currentNode)
      const width = [...range.getClientRects()].reduce((total, rect) => total + rect.width, 0)
      if (width > 0 && Math.abs(width / text.length / parseFloat(style.fontSize) - 1) > 0.08) missing.push(text)
    }
    return missing
  })()`)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Expected: ENOENT or EACCES. Not a program.
    return false
  }
}
