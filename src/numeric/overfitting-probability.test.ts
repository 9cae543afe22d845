import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { seededRng } from '#core/rng.ts'
import { standardDeviation } from './standard-deviation.ts'
import { combinationCount, eachCombination } from './combinations.ts'
import { overfittingProbability } from './overfitting-probability.ts'

const vectorFile = join(process.env.FUPAN_SHARED ?? '../shared', 'fixtures/vectors/backtest.json')
const hasShared = existsSync(vectorFile)

test.skipIf(!hasShared)('overfittingProbability() matches the vector (needs FUPAN_SHARED)', () => {
  const { pbo } = JSON.parse(readFileSync(vectorFile, 'utf8'))
  const trials = [0, 1, 2, 3].map((trial) => Float64Array.from(pbo.matrix, (row: number[]) => row[trial]!))
  const { probability, logits } = overfittingProbability(trials, pbo.S)
  expect(probability).toBeCloseTo(pbo.pbo, 12)
  expect(logits).toHaveLength(pbo.logits.length)
  pbo.logits.forEach((logit: number, i: number) => expect(logits[i]).toBeCloseTo(logit, 10))
})

test('overfittingProbability() equals the slow way: glue the days of each half and measure', () => {
  const rng = seededRng(3)
  const trials = Array.from({ length: 5 }, (_, trial) => Float64Array.from({ length: 45 }, () => 0.001 * trial + 0.01 * rng.normal()))
  const found = overfittingProbability(trials, 6)
  const sharpe = (x: Float64Array) => x.reduce((a, b) => a + b, 0) / x.length / standardDeviation(x)
  let split = 0
  eachCombination(6, 3, (chosen) => {
    const blockOf = (day: number) => [0, 7, 15, 22, 30, 37, 45].findIndex((edge) => day < edge) - 1
    const inside = trials.map((x) => sharpe(x.filter((_, day) => chosen.includes(blockOf(day)))))
    const outside = trials.map((x) => sharpe(x.filter((_, day) => !chosen.includes(blockOf(day)))))
    const best = inside.indexOf(Math.max(...inside))
    const rank = (outside.filter((s) => s < outside[best]!).length + 1) / 6
    expect(found.inSample[split]).toBeCloseTo(inside[best]!, 10)
    expect(found.outOfSample[split]).toBeCloseTo(outside[best]!, 10)
    expect(found.logits[split++]).toBeCloseTo(Math.log(rank / (1 - rank)), 10)
  })
  expect(split).toBe(20)
})

test('overfittingProbability() tells skill from luck', () => {
  const rng = seededRng(11)
  const noise = Array.from({ length: 12 }, () => Float64Array.from({ length: 480 }, () => 0.01 * rng.normal()))
  const skilled = noise.map((x, trial) => (trial === 4 ? x.map((value) => value + 0.004) : x))
  expect(overfittingProbability(skilled, 8).probability).toBe(0)
  expect(overfittingProbability(noise, 8).probability).toBeGreaterThan(0.3)
  expect(overfittingProbability(noise).blocks).toBe(16)
  expect(overfittingProbability(noise.map((x) => x.subarray(0, 300))).blocks).toBe(8)
})

test('overfittingProbability() gives a trial that stands still Sharpe 0 and equal trials equal ranks', () => {
  const flat = new Float64Array(40)
  const { logits, outOfSample } = overfittingProbability([flat, flat, flat], 4)
  expect(logits.every((logit) => logit === 0)).toBe(true)
  expect(outOfSample.every((sharpe) => sharpe === 0)).toBe(true)
  expect(() => overfittingProbability([flat])).toThrow('at least two trials, found 1')
  expect(() => overfittingProbability([flat, flat], 5)).toThrow('must be even')
  expect(() => overfittingProbability([flat, flat.subarray(1)])).toThrow('same days')
})

test('eachCombination() lists every choice once, in order', () => {
  const seen: string[] = []
  eachCombination(4, 2, (chosen) => seen.push(chosen.join('')))
  expect(seen).toEqual(['01', '02', '03', '12', '13', '23'])
  expect(combinationCount(16, 8)).toBe(12_870)
  expect(combinationCount(3, 4)).toBe(0)
  expect(() => eachCombination(2, 3, () => {})).toThrow('Cannot choose')
})
