import { aShareCalendar } from '#core/a-share-calendar.ts'
import { defineDetector, type Detector, type Direction } from '#core/detector.ts'
import { tradeDate } from '#core/trade-date.ts'
import { moneyAnomaly } from '#detectors/money-anomaly.ts'
import type { ScriptTruth } from '#market/script-truth.ts'
import type { Script } from '#market/script.ts'
import { createWorld } from '#market/world.ts'
import { beforeAll, expect, test } from 'vitest'
import { scoreScript } from './score-script.ts'
import { measureScript } from './truth-store.ts'

const dates = aShareCalendar.dates(tradeDate(20240102), tradeDate(20240628))
const date = dates[100]!
const script: Script = [
  { call: 'money_burst', symbol: '000003.SZ', date, t: '10:00', value: 1.5e8, side: 'buy' },
  { call: 'money_burst', symbol: '001000.SZ', date, t: '13:30', value: 2e7, side: 'sell' },
  { call: 'money_burst', symbol: '002000.SZ', date, t: '14:10', value: 1.5e7, side: 'buy' },
  { call: 'surge', symbol: '000002.SZ', date, t: '10:30', amp: 0.03 },
  { call: 'limit_up', symbol: '002001.SZ', date, t: '10:30' },
]
const world = createWorld({ seed: 3, size: 40, dates, script })
const quiet = { emit() {}, signal: new AbortController().signal }
let truth: ScriptTruth
beforeAll(async () => {
  truth = await measureScript(world, quiet)
})

/** A detector of another detector's name that speaks when it is told to. */
const speaking = (name: string, says: (code: string, sessionSeconds: number) => Direction | undefined): Detector =>
  defineDetector({
    ...moneyAnomaly,
    name,
    cooldownSeconds: 0,
    detect({ code, sessionSeconds, values }) {
      const direction = says(code, sessionSeconds)
      if (direction === undefined || !(values.last > 0)) return undefined
      const ref = values.last
      const price =
        direction === 'long'
          ? { targetLow: 1.01 * ref, targetHigh: 1.02 * ref, stop: 0.99 * ref }
          : { targetLow: 0.98 * ref, targetHigh: 0.99 * ref, stop: 1.01 * ref }
      const said = { zh: '试', en: 'test' }
      return { direction, kind: 'test', confidence: 0.9, scoreParts: [], price: { ref, ...price, invalidation: price.stop }, reason: said, evidence: [] }
    },
    invalidates: () => undefined,
  })

test('scoreScript() finds every planted money burst with the detector that is meant for it, within its five minutes and a few more', async () => {
  const [bursts, surges] = await scoreScript(world, truth, quiet)
  expect(bursts).toMatchObject({ type: 'money_burst', detector: 'money_anomaly', isRegistered: true, planted: 3, found: 3, recall: 1 })
  expect(bursts!.delay).toBeGreaterThan(0)
  expect(bursts!.delay).toBeLessThan(600)
  expect(bursts!.explained).toBeGreaterThanOrEqual(3)
  expect(bursts!.pass).toBe(bursts!.precision >= 0.6)
  expect(surges).toMatchObject({ type: 'surge', isRegistered: false, planted: 1, found: 0, pass: false })
})

test('scoreScript() gives a detector that says nothing no recall, and one that shouts no precision', async () => {
  const [deaf] = await scoreScript(world, truth, quiet, [speaking('money_anomaly', () => undefined)])
  expect(deaf).toMatchObject({ found: 0, recall: 0, findings: 0, pass: false })
  expect(deaf!.precision).toBeNaN()
  // Once a stock, at 09:35, in the wrong minutes for all three.
  const [loud] = await scoreScript(world, truth, quiet, [speaking('money_anomaly', (_code, seconds) => (seconds > 300 && seconds < 320 ? 'long' : undefined))])
  expect(loud).toMatchObject({ found: 0, recall: 0, pass: false })
  expect(loud!.findings).toBeGreaterThan(20)
  expect(loud!.precision).toBeLessThan(0.3)
})

test('scoreScript() counts the seconds to the first finding of a later detector as soon as it is registered', async () => {
  // 10:30:00 is second 3,600 of the session; the surge is told a minute later, in the right direction and on the right stock alone.
  const surge = speaking('surge', (code, seconds) => (code === '000002.SZ' && seconds >= 3660 && seconds < 3700 ? 'long' : undefined))
  const scored = (await scoreScript(world, truth, quiet, [surge])).find(({ type }) => type === 'surge')!
  expect(scored).toMatchObject({ isRegistered: true, found: 1, recall: 1, precision: 1, pass: true })
  expect(scored.delay).toBeGreaterThanOrEqual(60)
  expect(scored.delay).toBeLessThan(70)
  const wrong = speaking('surge', (code, seconds) => (code === '000002.SZ' && seconds >= 3660 && seconds < 3700 ? 'short' : undefined))
  expect((await scoreScript(world, truth, quiet, [wrong])).find(({ type }) => type === 'surge')).toMatchObject({ found: 0 })
})

test('scoreScript() counts a sector wave once, however many of its stocks move', async () => {
  const wave = createWorld({ seed: 3, size: 60, dates, script: [{ call: 'sector_wave', board: '电子', date, t: '10:00', amp: 0.03, leader: '301000.SZ' }] })
  const planted = await measureScript(wave, quiet)
  const stocks = planted.scenarios.map(({ symbol }) => symbol)
  expect(stocks.length).toBeGreaterThan(2)
  const told = (code: string) => speaking('sector_rotation', (own, seconds) => (own === code && seconds > 2000 && seconds < 2060 ? 'long' : undefined))
  for (const code of stocks.slice(0, 2))
    expect(await scoreScript(wave, planted, quiet, [told(code)])).toMatchObject([{ planted: 1, found: 1, recall: 1, precision: 1, pass: true }])
})

test('scoreScript() takes a sealed board for a rise, although what trades while it is sealed counts as sold', async () => {
  expect(truth.scenarios.find(({ type }) => type === 'limit_up')!.plantedNet).toBeLessThan(0)
  const board = speaking('limit_board', (code, seconds) => (code === '002001.SZ' && seconds >= 3600 && seconds < 3660 ? 'long' : undefined))
  expect((await scoreScript(world, truth, quiet, [board])).find(({ type }) => type === 'limit_up')).toMatchObject({ found: 1, recall: 1, precision: 1 })
})
