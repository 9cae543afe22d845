import { aShareCalendar } from '#core/a-share-calendar.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { DAYS_PER_YEAR } from './market-factors.ts'
import { createWorld } from './world.ts'

const dates = aShareCalendar.dates(tradeDate(20060104), tradeDate(20251231))
const years = dates.length / DAYS_PER_YEAR
const factorsOf = (seed: number, slowCycle = false) => createWorld({ seed, size: 1, dates, slowCycle }).factors

test('marketFactors() have flash crashes about once a year and ten sector themes of five days', () => {
  const { flash, themes } = factorsOf(1)
  const crashes = flash.depth.filter((depth) => depth > 0)
  expect(crashes.length / years).toBeGreaterThan(0.5)
  expect(crashes.length / years).toBeLessThan(1.6)
  expect(crashes.every((depth) => depth >= 0.03 && depth <= 0.06)).toBe(true)
  const themeDays = themes.reduce((sum, days) => sum + days.reduce((all, own) => all + own, 0), 0)
  expect(themeDays / years / 5).toBeGreaterThan(8)
  expect(themeDays / years / 5).toBeLessThan(12)
})

test('marketFactors() fall faster than they rise and are more volatile after falls', () => {
  let [third, second, cross] = [0, 0, 0]
  for (const seed of [1, 2, 3]) {
    const { market } = factorsOf(seed)
    for (let day = 1; day < dates.length; day++) {
      const shock = market.session[day]! / market.sd[day]!
      third += shock ** 3
      second += shock ** 2
      cross += (market.session[day - 1]! / market.sd[day - 1]!) * (market.logVolatility[day]! - market.logVolatility[day - 1]!)
    }
  }
  const n = 3 * (dates.length - 1)
  expect(third / n / (second / n) ** 1.5).toBeLessThan(-0.4)
  expect(cross / n).toBeLessThan(-0.02)
})

test('marketFactors() spend the nights with about a quarter of the variance', () => {
  const { market, sectors } = factorsOf(2)
  for (const { overnight, session } of [market, ...sectors.slice(0, 4)]) {
    const square = (x: Float64Array) => x.reduce((sum, value) => sum + value * value, 0)
    const share = square(overnight) / (square(overnight) + square(session))
    expect(share).toBeGreaterThan(0.15)
    expect(share).toBeLessThan(0.4)
  }
})

test('marketFactors() with the slow cycle differ from those without by its drift and volume only', () => {
  const [plain, cycled] = [factorsOf(5), factorsOf(5, true)]
  const drifts = new Set(plain.market.session.map((session, day) => Math.round((cycled.market.session[day]! - session) * DAYS_PER_YEAR * 1e6) / 1e6))
  expect([...drifts].toSorted((a, b) => a - b)).toEqual([-0.25, 0, 0.25])
  expect(cycled.market.logVolatility).toEqual(plain.market.logVolatility)
  expect(new Set(cycled.cycleVolume)).toEqual(new Set([1.25, 0.85, 1]))
  expect(new Set(plain.cycleVolume)).toEqual(new Set([1]))
})
