import type { Page } from 'playwright-core'
import { answerAll, takeSocket } from '../browser/answers.ts'
import { answerBars } from '../browser/fake-bars.ts'
import { findBrowser, openBrowser, openPage } from '../browser/open-browser.ts'
import { servePages } from '../browser/serve-pages.ts'
import type { Bench, Measurement } from './bench.ts'

/** Bars loaded before the chart is dragged (spec simulator §19). */
const BARS = 5000
const DRAGS = 5
const SWITCHES = 40

/** The stock chart in a real browser: frames while 5,000 bars are dragged, and how long another interval takes that was shown before. Every request is answered in the browser. */
export const chartFrames: Bench = {
  name: 'chart-frames',
  about: 'the stock chart: frames per second while 5,000 bars are dragged, switching to an interval shown before',
  async *run({ scale, say }) {
    const found = await findBrowser()
    if (found === undefined) {
      say('no browser here: the chart is not measured')
      return
    }
    const [browser, server] = await Promise.all([openBrowser(found), servePages()])
    try {
      const { page } = await openPage(browser)
      await answerAll(page)
      await takeSocket(page)
      const fake = await answerBars(page)
      await page.goto(`${server.url}/stock/600519.SH?interval=5m`)
      await drawn(page, '5分')
      const wanted = Math.round(BARS * scale)
      const loaded = () => fake.asked.reduce((sum, { count }) => sum + (count ?? 0), 0)
      for (let presses = 0; loaded() < wanted; presses++) {
        if (presses > 400) throw new Error(`Cannot measure: older bars do not come, ${loaded()} are there`)
        await page.keyboard.press('Home')
        await page.waitForTimeout(50)
      }
      yield await frames(page, `dragging ${loaded()} bars, 120 in view`)
      for (let presses = 0; presses < 12; presses++) await page.keyboard.press('-')
      yield await frames(page, `dragging ${loaded()} bars, as many in view as fit`)
      yield* switches(page, Math.max(6, Math.round(SWITCHES * scale)))
    } finally {
      await browser.close()
      await server.close()
    }
  },
}

async function drawn(page: Page, interval: string) {
  await page.locator('figure[aria-busy="false"]').waitFor()
  await page.getByRole('radio', { name: interval, exact: true, checked: true }).waitFor()
}

/** Frames the browser drew while the chart was dragged to the right and back. */
async function frames(page: Page, name: string): Promise<Measurement> {
  const box = (await page.getByRole('figure').boundingBox())!
  const readings: number[] = []
  let slowest = 0
  for (let drag = 0; drag < DRAGS; drag++) {
    await page.mouse.move(box.x + 150, box.y + 200)
    await page.mouse.down()
    await page.evaluate(
      `globalThis.stamps = []; globalThis.stamp = (at) => { stamps.push(at); globalThis.next = requestAnimationFrame(stamp) }; requestAnimationFrame(stamp)`,
    )
    await page.mouse.move(box.x + 650, box.y + 200, { steps: 90 })
    await page.mouse.move(box.x + 150, box.y + 200, { steps: 90 })
    const stamps = await page.evaluate<number[]>('cancelAnimationFrame(globalThis.next); stamps')
    await page.mouse.up()
    const gaps = stamps.slice(1).map((at, i) => at - stamps[i]!)
    readings.push((1000 * gaps.length) / (stamps.at(-1)! - stamps[0]!))
    slowest = Math.max(slowest, ...gaps)
  }
  return { name, unit: 'per s', readings, budget: 50, note: `the slowest frame took ${slowest.toFixed(0)} ms` }
}

/** From the click on an interval that was shown before to the frame after its bars are drawn. */
async function* switches(page: Page, count: number): AsyncIterable<Measurement> {
  const intervals = ['15分', '30分', '60分', '日']
  for (const interval of intervals) {
    await page.getByRole('radio', { name: interval, exact: true }).click()
    await drawn(page, interval)
    await page.waitForTimeout(300)
  }
  const readings: number[] = []
  for (let i = 0; i < count; i++) {
    readings.push(
      await page.evaluate<number>(`new Promise((done) => {
        const button = [...document.querySelectorAll('[role="radio"]')].find((one) => one.textContent === ${JSON.stringify(intervals[i % intervals.length])})
        const started = performance.now()
        button.click()
        const look = () => {
          const figure = document.querySelector('figure')
          if (button.ariaChecked === 'true' && figure?.getAttribute('aria-busy') === 'false' && figure.querySelector('canvas') !== null)
            requestAnimationFrame(() => done(performance.now() - started))
          else requestAnimationFrame(look)
        }
        look()
      })`),
    )
    await page.waitForTimeout(150)
  }
  const sorted = readings.toSorted((a, b) => a - b)
  const p95 = sorted[Math.ceil(0.95 * sorted.length) - 1]!
  yield {
    name: 'interval switch, warm: p95',
    unit: 'ms',
    readings: [p95],
    budget: 150,
    note: `median ${sorted[sorted.length >> 1]!.toFixed(0)} ms of ${count}`,
  }
}
