import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { detectRiseWindow, RISE_WINDOW_MAIN, RISE_WINDOW_WIDE, riseWindowParams, type RiseWindowParams } from './rise-window.ts'

const vectorFile = join(process.env.FUPAN_SHARED ?? join(import.meta.dirname, '../../../shared'), 'fixtures/vectors/microstructure.json')
const hasShared = existsSync(vectorFile)

/** The rule word by word: every start, every day, no running minimum. */
function slowly(close: readonly number[], params: RiseWindowParams) {
  const n = close.length - 1
  let best: { start: number; gain: number; maxDrawdown: number } | undefined
  for (let s = 0; n - s + 1 >= params.minDays; s++) {
    const window = close.slice(s)
    const gain = close[n]! / close[s]! - 1
    const maxDrawdown = Math.max(...window.map((c, i) => 1 - c / Math.max(...window.slice(0, i + 1))))
    const valid = gain >= params.minRise - 1e-12 && close[s] === Math.min(...window) && maxDrawdown <= params.maxDrawdown + 1e-12
    if (valid && (best === undefined || gain >= best.gain - 1e-12)) best = { start: s, gain, maxDrawdown }
  }
  return best === undefined ? { status: 'NO_RISE' } : { status: 'FOUND', days: n - best.start + 1, ...best }
}

test.skipIf(!hasShared)('detectRiseWindow() finds the worked example (needs FUPAN_SHARED)', () => {
  const { rise } = JSON.parse(readFileSync(vectorFile, 'utf8')) as { rise: { close: number[]; start_index: number; gain: number; maxdd: number } }
  const found = detectRiseWindow(Float64Array.from(rise.close))
  expect(found).toEqual({ status: 'FOUND', start: rise.start_index, days: 11, gain: rise.gain, maxDrawdown: rise.maxdd })
})

test('detectRiseWindow() agrees with the rule applied to every start', () => {
  const walk = fc.array(fc.integer({ min: -4, max: 5 }), { minLength: 1, maxLength: 21 }).map((steps) => {
    let price = 1000
    return steps.map((step) => (price += step * 10) / 100)
  })
  let found = 0
  fc.assert(
    fc.property(walk, fc.constantFrom(RISE_WINDOW_MAIN, RISE_WINDOW_WIDE), (close, params) => {
      const window = detectRiseWindow(Float64Array.from(close), params)
      if (window.status === 'FOUND') found++
      expect(window).toEqual(slowly(close, params))
    }),
    { numRuns: 500 },
  )
  expect(found).toBeGreaterThan(20)
})

test('detectRiseWindow() prefers the shorter of two equal gains', () => {
  expect(detectRiseWindow(Float64Array.of(10, 10, 10.2, 10.6))).toMatchObject({ start: 1, days: 3 })
  expect(detectRiseWindow(Float64Array.of(10 - 1e-14, 10, 10.2, 10.6))).toMatchObject({ start: 1, days: 3 })
})

test('detectRiseWindow() starts at the low of the window or not at all', () => {
  expect(detectRiseWindow(Float64Array.of(10, 10.2, 9.9, 10.6))).toEqual({ status: 'NO_RISE' })
})

test('detectRiseWindow() needs three days, and a NaN close ends its reach', () => {
  expect(detectRiseWindow(Float64Array.of(10, 11))).toEqual({ status: 'NO_RISE' })
  expect(detectRiseWindow(Float64Array.of(9, NaN, 10, 10.2, 10.6))).toMatchObject({ start: 2 })
  expect(detectRiseWindow(Float64Array.of(10, 10.2, NaN))).toEqual({ status: 'NO_RISE' })
  expect(detectRiseWindow(new Float64Array(0))).toEqual({ status: 'NO_RISE' })
})

test('riseWindowParams() asks more of boards with a 20 % limit', () => {
  expect([0.05, 0.1, 0.2, 0.3, NaN].map(riseWindowParams)).toEqual([RISE_WINDOW_MAIN, RISE_WINDOW_MAIN, RISE_WINDOW_WIDE, RISE_WINDOW_WIDE, RISE_WINDOW_WIDE])
})
