import { expect, test } from 'vitest'
import { seededRng } from '#core/rng.ts'
import { returnMetrics } from './return-metrics.ts'
import { sampleRun } from './test-run.ts'
import { DEFAULT_WALK_FORWARD, deflatedSharpeObjective, planWalkForward, walkForward } from './walk-forward.ts'

const { dates } = sampleRun(900)

test('planWalkForward() keeps test parts apart, in order, behind an embargo', () => {
  const folds = planWalkForward(dates, { ...DEFAULT_WALK_FORWARD, embargoDays: 7 })
  expect(folds.length).toBeGreaterThan(4)
  expect(Math.floor(dates[folds[0]!.testFrom]! / 100)).toBe(202401)
  folds.forEach((fold, i) => {
    expect(fold.testFrom - fold.trainTo).toBe(7)
    if (i > 0) expect(fold.testFrom).toBe(folds[i - 1]!.testTo)
  })
  expect(folds.at(-1)!.testTo).toBe(dates.length)
  expect(planWalkForward(dates, { ...DEFAULT_WALK_FORWARD, anchored: true }).every(({ trainFrom }) => trainFrom === 0)).toBe(true)
  expect(planWalkForward(dates.subarray(0, 100))).toEqual([])
  expect(planWalkForward(new Uint32Array())).toEqual([])
  expect(() => planWalkForward(dates, { ...DEFAULT_WALK_FORWARD, stepMonths: 0 })).toThrow('Cannot plan a walk-forward')
})

const rng = seededRng(4)
const series = (edge: number) => Float64Array.from(dates, () => edge + 0.01 * rng.normal())

test('walkForward() never looks at a test day before choosing', () => {
  const folds = planWalkForward(dates)
  const trials = [0, 1, 2].map((i) => ({ id: `t${i}`, returns: series(0.0005 * i), turnover: 1 }))
  const honest = walkForward(folds, trials)
  const last = folds.at(-1)!
  const poisoned = trials.map((trial, i) => ({ ...trial, returns: trial.returns.map((value, day) => (day >= last.testFrom ? (i === 0 ? 9 : -0.9) : value)) }))
  expect(walkForward(folds, poisoned).folds.map(({ chosen }) => chosen)).toEqual(honest.folds.map(({ chosen }) => chosen))
})

test('walkForward() concatenates exactly the chosen test parts', () => {
  const folds = planWalkForward(dates)
  const trials = [series(0.001), series(0)].map((returns, i) => ({ id: `t${i}`, returns, turnover: 1 }))
  const found = walkForward(folds, trials)
  for (const { chosen, testFrom, testTo } of found.folds)
    for (let day = testFrom; day < testTo; day++) expect(found.testReturns[day]).toBe(trials.find(({ id }) => id === chosen)!.returns[day])
  expect(found.testReturns.subarray(0, folds[0]!.testFrom).every(Number.isNaN)).toBe(true)
  expect(found.outOfSampleSharpe).toBeCloseTo(returnMetrics(found.testReturns).sharpe, 12)
  expect(found.efficiency).toBeCloseTo(found.outOfSampleSharpe / (found.folds.reduce((sum, { trainSharpe }) => sum + trainSharpe, 0) / found.folds.length), 12)
  expect(found.hindsight!.chosen).toBe('t0')
})

test('walkForward() breaks ties by turnover, then order, and skips folds without a score', () => {
  const same = series(0.001)
  const trials = [3, 1, 1].map((turnover, i) => ({ id: `t${i}`, returns: same, turnover }))
  expect(new Set(walkForward(planWalkForward(dates), trials).folds.map(({ chosen }) => chosen))).toEqual(new Set(['t1']))
  const flat = walkForward(planWalkForward(dates), [{ id: 'flat', returns: new Float64Array(dates.length), turnover: 0 }])
  expect(flat).toMatchObject({ folds: [], efficiency: NaN, hindsight: undefined })
  expect(() => walkForward([], [])).toThrow('Cannot walk forward')
})

test('deflatedSharpeObjective() ranks by evidence, not by luck of one trial', () => {
  const scores = deflatedSharpeObjective([series(0.002), series(0), new Float64Array(dates.length)])
  expect(scores[0]).toBeGreaterThan(scores[1]!)
  expect(scores[2]).toBeNaN()
})
