import { aShareCalendar } from '#core/a-share-calendar.ts'
import { tradeDate } from '#core/trade-date.ts'
import { beforeAll, expect, test } from 'vitest'
import { factChecks, type FactCheck } from './sim-fact-checks.ts'
import { seedFacts, type Preset, type SeedFacts } from './sim-seed-facts.ts'

const dates = aShareCalendar.dates(tradeDate(20220104), tradeDate(20241231)).slice(0, 300)

function measured(preset: Preset, seed: number, size: number): { readonly facts: SeedFacts; readonly yields: number } {
  const measuring = seedFacts({ preset, seed, size, dates })
  let yields = 0
  for (let step = measuring.next(); ; step = measuring.next()) {
    if (step.done === true) return { facts: step.value, yields }
    yields++
  }
}

let real: SeedFacts
beforeAll(() => {
  real = measured('realistic', 1, 24).facts
})

test('seedFacts() of one seed are the same twice, other for another seed, and yield after every stock', () => {
  const [once, twice, other] = [measured('realistic', 3, 4), measured('realistic', 3, 4), measured('realistic', 4, 4)]
  expect(twice).toEqual(once)
  expect(once.yields).toBeGreaterThanOrEqual(4)
  expect(other.facts.all.excessKurtosis).not.toBe(once.facts.all.excessKurtosis)
})

test('factChecks() pass nearly all of a small realistic market and fail the classic model on tails, clustering, common movement and the shape of the day', () => {
  const failed = (facts: SeedFacts) => factChecks([facts]).filter(({ pass }) => !pass)
  const groups = (checks: readonly FactCheck[]) => new Set(checks.map(({ group }) => group))
  // The ranges are for 360 stocks × 750 days; twenty-four over 300 days scatter past a few of them.
  expect(failed(real).length).toBeLessThanOrEqual(8)
  const classic = failed(measured('classic', 1, 6).facts)
  expect(classic.length).toBeGreaterThanOrEqual(20)
  for (const group of ['heavy tails', 'clustering', 'common movement', 'intraday', 'limits', 'volume']) expect(groups(classic), group).toContain(group)
  for (const name of [
    'excess kurtosis, stocks',
    'excess kurtosis, 1 minute',
    'ACF of |r|, lag 1, 1 minute',
    'ACF of log volume, lag 1',
    '|r| of the first 5 min ÷ mid-morning',
    'corr(|r|, log volume)',
  ]) {
    expect(
      classic.some((check) => check.name === name),
      name,
    ).toBe(true)
    expect(
      failed(real).some((check) => check.name === name),
      name,
    ).toBe(false)
  }
})

test('factChecks() tell the stressed market from the realistic one: more volatile, and outside of several more ranges', () => {
  const stress = measured('stress', 1, 24).facts
  const failed = (facts: SeedFacts) => factChecks([facts]).filter(({ pass }) => !pass).length
  expect(failed(stress)).toBeGreaterThan(failed(real) + 3)
  const value = (facts: SeedFacts, name: string) => factChecks([facts]).find((check) => check.name === name)!.mean
  expect(value(stress, 'annual volatility, stocks')).toBeGreaterThan(1.3 * value(real, 'annual volatility, stocks'))
})

test('factChecks() accept only when every seed lies inside, aim at the mean over the seeds, and count NaN as outside', () => {
  const withVolatility = (annualVolatility: number): SeedFacts => ({ ...real, all: { ...real.all, annualVolatility } })
  const volatility = (...values: readonly number[]) => factChecks(values.map(withVolatility)).find(({ name }) => name === 'annual volatility, stocks')!
  // Accept 0.313 … 0.595, aim 0.392 … 0.52.
  expect(volatility(0.35, 0.55)).toMatchObject({ pass: true, aimed: true, min: 0.35, max: 0.55, values: [0.35, 0.55] })
  expect(volatility(0.35, 0.36)).toMatchObject({ pass: true, aimed: false })
  expect(volatility(0.3, 0.6)).toMatchObject({ pass: false, aimed: true })
  expect(volatility(0.45, 0.31)).toMatchObject({ pass: false })
  expect(volatility(NaN)).toMatchObject({ pass: false, aimed: false })
  expect(factChecks([real]).every(({ accept, aim }) => accept !== undefined || aim !== undefined)).toBe(true)
})
