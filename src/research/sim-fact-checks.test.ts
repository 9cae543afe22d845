import { aShareCalendar } from '#core/a-share-calendar.ts'
import { tradeDate } from '#core/trade-date.ts'
import { beforeAll, expect, test } from 'vitest'
import { factChecks, type FactCheck } from './sim-fact-checks.ts'
import { seedFacts, type Preset, type SeedFacts } from './sim-seed-facts.ts'

const dates = aShareCalendar.dates(tradeDate(20220104), tradeDate(20241231)).slice(0, 240)
const groups = (checks: readonly FactCheck[]) => new Set(checks.filter(({ pass }) => !pass).map(({ group }) => group))

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
  real = measured('realistic', 1, 30).facts
})

test('seedFacts() of one seed are the same twice, other for another seed, and yield after every stock', () => {
  const again = measured('realistic', 1, 30)
  expect(again.facts).toEqual(real)
  expect(again.yields).toBeGreaterThanOrEqual(30)
  expect(measured('realistic', 2, 30).facts.all.excessKurtosis).not.toBe(real.all.excessKurtosis)
})

test('factChecks() pass the realistic market and fail the classic model on heavy tails, clustering, common movement and the shape of the day', () => {
  const ours = groups(factChecks([real]))
  for (const group of ['heavy tails', 'clustering', 'sign memory', 'volume']) expect(ours, group).not.toContain(group)
  const classic = groups(factChecks([measured('classic', 1, 6).facts]))
  for (const group of ['heavy tails', 'clustering', 'common movement', 'intraday', 'limits', 'volume']) expect(classic, group).toContain(group)
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
