import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRng } from '#core/rng.ts'
import { bridgeExtremes, classicVolume, generateKlineSequence, generateNextKline, MINUTE_YEARS, stepPrice } from './classic-kline.ts'
import { nextRegime, regimeTimer } from './regime.ts'

test('stepPrice() moves 10.00 by one minute to 10.006231 (spec simulator §4.1)', () => {
  expect(MINUTE_YEARS).toBeCloseTo(1.714678e-5, 11)
  expect(stepPrice(10, 0.15, 0.3, MINUTE_YEARS, 0.5)).toBeCloseTo(10.0062312446671, 12)
})

test('bridgeExtremes() of 10.00 to 10.05 are 10.054457 and 9.998030 (spec simulator §4.1)', () => {
  const { high, low } = bridgeExtremes(10, 10.05, 0.002, 0.3, 0.6)
  expect(high).toBeCloseTo(10.0544569289693, 10)
  expect(low).toBeCloseTo(9.99802964305928, 10)
})

test('stepPrice() in a bull market for 243 days has the mean log return μ − σ²/2 within three standard errors', () => {
  const rng = seededRng('bull')
  const paths = 30
  let sum = 0
  for (let path = 0; path < paths; path++) {
    let price = 1
    for (let minute = 0; minute < 240 * 243; minute++) price = stepPrice(price, 0.15, 0.3, MINUTE_YEARS, rng.normal())
    sum += Math.log(price)
  }
  expect(Math.abs(sum / paths - (0.15 - 0.045))).toBeLessThan((3 * 0.3) / Math.sqrt(paths))
})

test('generateNextKline() orders its prices, stays on the tick and never trades less than 0.3 of the base volume', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.double({ min: 1, max: 500, noNaN: true }),
      fc.constantFrom('bull' as const, 'bear' as const, 'sideways' as const),
      (seed, price, state) => {
        const bar = generateNextKline({ price, state, baseVolume: 10_000, rng: seededRng(seed) })
        expect(bar.low).toBeLessThanOrEqual(Math.min(bar.open, bar.close))
        expect(bar.high).toBeGreaterThanOrEqual(Math.max(bar.open, bar.close))
        for (const value of [bar.open, bar.high, bar.low, bar.close]) expect(Math.abs(value * 100 - Math.round(value * 100))).toBeLessThan(1e-6)
        expect(bar.volume).toBeGreaterThanOrEqual(3000)
        expect(bar.amount).toBeGreaterThanOrEqual(bar.low * bar.volume * 0.999)
        expect(bar.amount).toBeLessThanOrEqual(bar.high * bar.volume * 1.001)
      },
    ),
  )
})

test('classicVolume() takes a move of 1 % as 0.01 or as 1: 10 % more or eleven times the base', () => {
  expect([classicVolume(1000, 0.01, 0.5), classicVolume(1000, 1, 0.5)]).toEqual([1100, 11_000])
  expect(classicVolume(1000, 0, 0)).toBe(700)
  const bar = (retUnit: 'fraction' | 'percent') => generateNextKline({ price: 10, state: 'bear', baseVolume: 1000, dt: 1 / 243, retUnit, rng: seededRng(5) })
  const move = Math.abs(bar('percent').close / bar('percent').open - 1)
  expect(bar('percent').volume / bar('fraction').volume).toBeCloseTo((1 + 1000 * move) / (1 + 10 * move), 2)
})

test('generateKlineSequence() equals single steps with the same generator, regime changes included', () => {
  const whole = generateKlineSequence({ initialPrice: 20, numBars: 900, initialState: 'bear', baseVolume: 5000, rng: seededRng(3) })
  const rng = seededRng(3)
  let [price, state, timer] = [20, 'bear' as 'bull' | 'bear' | 'sideways', regimeTimer(rng)]
  for (const kline of whole.klines) {
    const { price: after, ...single } = generateNextKline({ price, state, baseVolume: 5000, rng })
    expect(single).toEqual(kline)
    price = after
    if (--timer > 0) continue
    state = nextRegime(state, rng.next())
    timer = regimeTimer(rng)
  }
  expect([whole.finalState, whole.timerLeft]).toEqual([state, timer])
})
