import { aShareCalendar } from '#core/a-share-calendar.ts'
import { tradeDate } from '#core/trade-date.ts'
import { expect, test } from 'vitest'
import { DAYS_PER_YEAR } from './market-factors.ts'
import { statementsOf } from './statements.ts'
import { styleExposures, STYLES, type Characteristics } from './style-premia.ts'
import { createWorld } from './world.ts'

const usual: Characteristics = { logMarketValue: 22.851, logBookValue: 22.851 - 0.806, returnOnEquity: 0.08, logSigma: -1.884, pastReturn: 0 }
const of = (change: Partial<Characteristics>) => [...styleExposures({ ...usual, ...change }, new Float64Array(5))]

test('styleExposures() of the usual stock are zero, and one standard deviation of each characteristic is one of its style', () => {
  for (const exposure of of({})) expect(exposure).toBeCloseTo(0, 10)
  expect(of({ logMarketValue: 22.851 + 1.204, logBookValue: 22.851 + 1.204 - 0.806 })[0]).toBeCloseTo(-1, 10)
  expect(of({ logBookValue: 22.851 - 0.806 + 0.64 })[1]).toBeCloseTo(1, 10)
  expect(of({ returnOnEquity: 0.12 })[2]).toBeCloseTo(1, 10)
  expect(of({ logSigma: -1.884 + 0.22 })[3]).toBeCloseTo(-1, 10)
  expect(of({ pastReturn: 0.13 })[4]).toBeCloseTo(-1, 10)
  expect(of({ pastReturn: 5 })[4]).toBe(-3)
})

test('styleExposures() of drawn stocks are about standard over the population', () => {
  const dates = aShareCalendar.dates(tradeDate(20240102), tradeDate(20240401))
  const world = createWorld({ seed: 3, size: 1500, dates })
  const size = world.stocks.map(({ initialPrice, totalShares }) => of({ logMarketValue: Math.log((initialPrice / 1000) * totalShares) })[0]!)
  const value = world.stocks.slice(0, 400).map((stock) => {
    const { equity } = statementsOf(world, stock)[0]!
    return of({ logMarketValue: Math.log((stock.initialPrice / 1000) * stock.totalShares), logBookValue: Math.log(equity) })[1]!
  })
  for (const exposures of [size, value]) {
    const mean = exposures.reduce((sum, x) => sum + x, 0) / exposures.length
    const sd = Math.sqrt(exposures.reduce((sum, x) => sum + (x - mean) ** 2, 0) / exposures.length)
    expect(Math.abs(mean)).toBeLessThan(0.15)
    expect(Math.abs(sd - 1)).toBeLessThan(0.15)
  }
})

test('STYLES are paid their premium a year in the factors of a world', () => {
  const dates = aShareCalendar.dates(tradeDate(20060104), tradeDate(20251231))
  const { factors } = createWorld({ seed: 3, size: 1, dates })
  for (const [k, { premium, sigma }] of STYLES.entries()) {
    const yearly = (factors.styles[k]!.reduce((sum, x) => sum + x, 0) / dates.length) * DAYS_PER_YEAR
    expect(Math.abs(yearly - premium)).toBeLessThan((3 * sigma) / Math.sqrt(dates.length / DAYS_PER_YEAR))
    const variance = factors.styles[k]!.reduce((sum, x) => sum + x * x, 0) / dates.length
    expect(Math.sqrt(variance * DAYS_PER_YEAR)).toBeCloseTo(sigma, 2)
  }
})
