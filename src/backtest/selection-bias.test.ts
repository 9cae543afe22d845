import { expect, test } from 'vitest'
import { seededRng } from '#core/rng.ts'
import { benjaminiHochberg } from '#numeric/benjamini-hochberg.ts'
import { holm } from '#numeric/holm.ts'
import { deflatedSharpe, expectedMaximumSharpe, sharpeSample } from '#numeric/sharpe-statistics.ts'
import { standardDeviation } from '#numeric/standard-deviation.ts'
import { compareRuns } from './compare-runs.ts'
import { controls, judgeControl, leaveOneYearOut, leaveTopTradesOut } from './controls.ts'
import { quintileReport } from './quintile-report.ts'
import { returnMetrics } from './return-metrics.ts'
import { selectionBias } from './selection-bias.ts'
import { sampleRun } from './test-run.ts'
import { overallLight, verdictLights } from './verdict-lights.ts'

const noise = (seed: string, days = 300, edge = 0) => {
  const rng = seededRng(seed)
  return Float64Array.from({ length: days }, () => edge + 0.01 * rng.normal())
}

test('selectionBias() deflates by clusters and by the raw count', () => {
  const ideas = [noise('a', 300, 0.001), noise('b'), noise('c')]
  const trials = ideas.flatMap((idea, i) => Array.from({ length: 8 }, (_, k) => noise(`${i}/${k}`).map((value, day) => idea[day]! + 0.3 * value)))
  const found = selectionBias(trials[0]!, trials, seededRng(1))
  expect([found.independentTrials, found.rawTrials]).toEqual([3, 24])
  const variance = standardDeviation(Float64Array.from(trials, (returns) => sharpeSample(returns).sharpe)) ** 2
  expect(found.expectedMaximum).toBeCloseTo(expectedMaximumSharpe(variance, 3), 14)
  expect(found.deflatedSharpeRaw).toBeCloseTo(deflatedSharpe(sharpeSample(trials[0]!), variance, 24), 14)
  expect(found.deflatedSharpeRaw).toBeLessThan(found.deflatedSharpe)
  expect(found.overfitting!.blocks).toBe(8)
  expect(found.realityCheck!.whiteP).toBeGreaterThan(0)
})

test('selectionBias() of a single trial is the PSR and claims nothing more', () => {
  const alone = selectionBias(noise('a'), [noise('a')], seededRng(1))
  expect(alone).toMatchObject({ independentTrials: 1, rawTrials: 1, expectedMaximum: 0, sharpeVariance: 0 })
  expect('overfitting' in alone || 'realityCheck' in alone).toBe(false)
  expect(alone.deflatedSharpe).toBeCloseTo(returnMetrics(noise('a')).probabilisticSharpe, 14)
})

test('verdictLights() turn at the stated values', () => {
  const colours = (dsr: number, pbo: number, days: number, efficiency: number, cagr: number) =>
    verdictLights({
      deflatedSharpe: dsr,
      overfittingProbability: pbo,
      days,
      minimumTrackLength: 100.5,
      walkForwardEfficiency: efficiency,
      doubleCostCagr: cagr,
    }).map(({ colour }) => colour)
  expect(colours(0.95, 0.2, 101, 0.5, 0.01)).toEqual(['green', 'green', 'green', 'green', 'green'])
  expect(colours(0.8, 0.5, 100, 0.49, 0)).toEqual(['amber', 'amber', 'red', 'red', 'red'])
  expect(colours(0.949, 0.201, 101, 0.5, 0.01).slice(0, 2)).toEqual(['amber', 'amber'])
  expect(colours(0.79, 0.51, 0, -1, -1)).toEqual(['red', 'red', 'red', 'red', 'red'])
})

test('verdictLights() say nothing of a Sharpe ratio made of a handful of trades, however good it looks', () => {
  const evidence = { days: 750, minimumTrackLength: 275, deflatedSharpe: 0.997, overfittingProbability: 0.1 }
  const colours = (closedTrades: number) => verdictLights({ ...evidence, closedTrades }).map(({ colour }) => colour)
  expect(colours(2).slice(0, 3)).toEqual(['grey', 'grey', 'grey'])
  expect(colours(30).slice(0, 3)).toEqual(['green', 'green', 'green'])
  expect(verdictLights({ ...evidence, closedTrades: 2 })[0]!.reason).toBe('2 closed trades: from 30 on a Sharpe ratio means something')
})

test('verdictLights() are grey with a reason where nothing was measured, and grey is not green', () => {
  const lights = verdictLights({ days: 100, minimumTrackLength: Infinity, deflatedSharpe: NaN })
  expect(lights.map(({ colour }) => colour)).toEqual(['grey', 'grey', 'red', 'grey', 'grey'])
  expect(lights.every(({ reason }) => reason !== undefined)).toBe(true)
  expect(overallLight(verdictLights({ days: 0 }))).toBe('grey')
  expect(overallLight(verdictLights({ days: 0, deflatedSharpe: 0.99 }))).toBe('amber')
  expect(overallLight(lights)).toBe('red')
})

test('judgeControl() reads each kind of control', () => {
  const named = (name: string) => controls.find((control) => control.name === name)!
  const hundred = Float64Array.from({ length: 100 }, (_, i) => i / 100)
  expect(judgeControl(named('random_entries'), 0.96, hundred)).toMatchObject({ verdict: 'pass', runs: 100 })
  expect(judgeControl(named('random_entries'), 0.5, hundred).verdict).toBe('fail')
  expect(judgeControl(named('leave_one_year_out'), NaN, Float64Array.of(0.5, -0.1, NaN))).toMatchObject({ verdict: 'fail', value: -0.1, runs: 2 })
  expect(judgeControl(named('lagged_features'), 1, Float64Array.of(1.2)).verdict).toBe('fail')
  expect(judgeControl(named('no_level'), 1, Float64Array.of(0.4)).verdict).toBe('pass')
  expect(judgeControl(named('future_noise'), NaN, Float64Array.of(0, 3))).toMatchObject({ verdict: 'fail', value: 3 })
  expect(judgeControl(named('double_costs'), 1, Float64Array.of(NaN)).verdict).toBe('unknown')
  expect(new Set(controls.map(({ name }) => name)).size).toBe(controls.length)
})

test('leaveOneYearOut() and leaveTopTradesOut() take away exactly that', () => {
  const run = sampleRun(500)
  const returns = noise('years', 500)
  const years = leaveOneYearOut(run.dates, returns)
  expect(years.map(({ year }) => year)).toEqual([2022, 2023])
  expect(years[0]!.sharpe).toBeCloseTo(returnMetrics(returns.filter((_, day) => run.dates[day]! > 20230000)).sharpe, 12)
  const pnl = [100, 50, -30].map((netPnl) => ({ ...run.trades[0]!, netPnl }))
  expect(leaveTopTradesOut({ equity: Float64Array.of(1000, 1120), startEquity: 1000, trades: pnl }, 1)).toBeCloseTo(0.02, 14)
  expect(leaveTopTradesOut({ equity: Float64Array.of(1000, 1120), startEquity: 1000, trades: pnl })).toBeCloseTo(-0.03, 14)
})

test('compareRuns() finds a difference that is there and none between noise, on common days only', () => {
  const dates = sampleRun(400).dates
  const base = noise('base', 400)
  const runs = [
    { name: 'better', dates, returns: base.map((value) => value + 0.001) },
    { name: 'base', dates: dates.subarray(1), returns: base.subarray(1) },
    { name: 'other', dates, returns: noise('other', 400).with(10, NaN) },
  ]
  const found = compareRuns(runs, seededRng(1), undefined, { draws: 500, meanBlock: 10 })
  expect(found.dates).toHaveLength(398)
  expect(found.pairs.map(({ a, b }) => `${a}/${b}`)).toEqual(['better/base', 'better/other', 'base/other'])
  expect(found.pairs[0]!.p).toBeLessThan(0.01)
  expect(found.pairs[0]!.sharpe.low).toBeGreaterThan(0)
  expect(found.pairs[2]!.p).toBeGreaterThan(0.05)
  expect(found.runs[0]!.p).toBeCloseTo(1 - found.runs[0]!.metrics.probabilisticSharpe, 14)
  const p = Float64Array.from(found.runs, (run) => run.p)
  expect(found.runs.map(({ holmP }) => holmP)).toEqual([...holm(p)])
  expect(found.runs.map(({ benjaminiHochbergP }) => benjaminiHochbergP)).toEqual([...benjaminiHochberg(p)])
  expect(found.runs.every(({ p, holmP, benjaminiHochbergP }) => holmP >= benjaminiHochbergP && benjaminiHochbergP >= p)).toBe(true)
  expect(found.pairs.every(({ p, adjustedP }) => adjustedP >= p)).toBe(true)
  expect(() => compareRuns(runs.slice(0, 1), seededRng(1))).toThrow('2 to 8 runs')
})

test('quintileReport() by hand: two days, five groups, a spread that is known', () => {
  const score = Float64Array.of(1, 2, 3, 4, 5, NaN)
  const days = [
    { score, forward: [Float64Array.of(0, 1, 2, 3, 4, 99)] },
    { score, forward: [Float64Array.of(1, 1, NaN, 3, 7, 99)] },
    { score: score.map(() => NaN), forward: [score] },
  ]
  const [found] = quintileReport(days, { horizons: [1], groups: 5, minimum: 5 })
  expect(found!.groups.map(({ mean, days }) => [mean, days])).toEqual([
    [0.5, 2],
    [1, 2],
    [2, 1],
    [3, 2],
    [5.5, 2],
  ])
  expect(found!.spread).toMatchObject({ mean: 5, days: 2 })
  // Spreads 4 and 6, deviations ∓1: γ0 = 1, γ1 = −½; variance (1 − ½)/2.
  expect(found!.spread.t).toBeCloseTo(5 / 0.5, 12)
  expect(() => quintileReport(days)).toThrow('4 forward columns of 6 stocks')
})

test('quintileReport() of a score without content finds none', () => {
  const rng = seededRng('empty score')
  const days = Array.from({ length: 250 }, () => ({
    score: Float64Array.from({ length: 60 }, () => rng.next()),
    forward: [Float64Array.from({ length: 60 }, () => 0.02 * rng.normal())],
  }))
  const [found] = quintileReport(days, { horizons: [1], groups: 5, minimum: 20 })
  expect(Math.abs(found!.spread.t)).toBeLessThan(3)
  expect(found!.spread.days).toBe(250)
})
