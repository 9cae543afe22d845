import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { midRank } from '#numeric/mid-rank.ts'
import { scoreFundQuality, SCORED_METRICS, type FundQualityRows } from './fund-quality-score.ts'
import { FUND_QUALITY_FIELDS, type FundQualityField } from './fund-quality.ts'

const vectorFile = join(process.env.FUPAN_SHARED ?? join(import.meta.dirname, '../../../shared'), 'fixtures/vectors/microstructure.json')
const hasShared = existsSync(vectorFile)

function rows(length: number, cell: (row: number, field: FundQualityField) => number): FundQualityRows {
  const columns = Object.fromEntries(FUND_QUALITY_FIELDS.map((field) => [field, Float64Array.from({ length }, (_, row) => cell(row, field))]))
  return { length, ...(columns as Record<FundQualityField, Float64Array>) }
}

/** The z of spec §7.3 for one metric, from sorted plain arrays. */
function slowZ(values: readonly number[], reference: readonly number[]): number[] {
  const sorted = (list: readonly number[]) => list.filter((x) => !Number.isNaN(x)).toSorted((a, b) => a - b)
  const at = (list: readonly number[], p: number) => {
    const [h, s] = [(list.length - 1) * p, sorted(list)]
    return s[Math.floor(h)]! + (h - Math.floor(h)) * (s[Math.ceil(h)]! - s[Math.floor(h)]!)
  }
  const known = sorted(reference)
  const [low, high] = [at(known, 0.025), at(known, 0.975)]
  const clamp = (x: number) => Math.min(high, Math.max(low, x))
  const drawn = known.map(clamp)
  const median = at(drawn, 0.5)
  const mad = at(
    drawn.map((x) => Math.abs(x - median)),
    0.5,
  )
  const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length
  const deviation = Math.sqrt(drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (drawn.length - 1))
  const scale = mad > 0 ? 1.4826 * mad : deviation
  return values.map((x) => (Number.isNaN(x) || scale === 0 ? 0 : Math.min(3, Math.max(-3, (clamp(x) - median) / scale))))
}

const cellOf = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: -100, max: 100 }).map((x) => x / 100) }, { weight: 1, arbitrary: fc.constant(NaN) })

test('scoreFundQuality() equals the sum of the weighted z, metric by metric', () => {
  const table = fc.array(fc.array(cellOf, { minLength: 11, maxLength: 11 }), { minLength: 40, maxLength: 60 })
  fc.assert(
    fc.property(table, (cells) => {
      const day = rows(cells.length, (row, field) => cells[row]![FUND_QUALITY_FIELDS.indexOf(field)]!)
      const { z, score, pct, components, status } = scoreFundQuality(day, undefined)
      expect(status).toBe('OK')
      const column = (field: FundQualityField) => Array.from(day[field])
      const plain = (field: FundQualityField) => slowZ(column(field), column(field))
      const cost = column('big_cost_gain').map((gain) => -Math.abs(gain - 0.05))
      const costZ = slowZ(cost, cost)
      const turnoverZ = plain('turnover_ratio').map((one) => -Math.abs(one))
      for (let row = 0; row < day.length; row++) {
        const slow =
          0.25 * plain('big_net_ratio_w')[row]! +
          0.2 * plain('support_ratio')[row]! +
          0.15 * plain('pos_days_ratio')[row]! +
          0.15 * plain('trend_corr')[row]! +
          0.1 * plain('price_return')[row]! +
          0.1 * costZ[row]! +
          0.05 * turnoverZ[row]!
        expect(z[row]!).toBeCloseTo(slow, 9)
        expect(score[row]!).toBeCloseTo(1 / (1 + Math.exp(-1.702 * slow)), 9)
        expect(score[row]! > 0 && score[row]! < 1).toBe(true)
        expect(pct[row]).toBe(midRank(z, z[row]!))
        expect(components.reduce((sum, part) => sum + part.contribution[row]!, 0)).toBeCloseTo(z[row]!, 12)
      }
    }),
    { numRuns: 10 },
  )
})

test('SCORED_METRICS weigh one in all', () => {
  expect(SCORED_METRICS.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12)
})

test('scoreFundQuality() compares a thin day with the pooled rows, and a thin pool with nothing', () => {
  const day = rows(5, (row) => row)
  const wide = rows(60, (row) => row - 30)
  const scored = scoreFundQuality(day, wide)
  expect(scored.status).toBe('OK')
  expect(scored.components.every(({ reference }) => reference === 'pool')).toBe(true)
  expect(scored.components[0]!.z[2]!).toBeCloseTo(slowZ([2], Array.from(wide.price_return))[0]!, 12)
  const unknown = scoreFundQuality(
    day,
    rows(59, (row) => row),
  )
  expect([unknown.status, [...unknown.score]]).toEqual(['NO_REFERENCE', Array.from({ length: 5 }, () => NaN)])
  expect(scoreFundQuality(day, undefined).status).toBe('NO_REFERENCE')
})

test('scoreFundQuality() counts a metric that is nearly always null as average', () => {
  const day = rows(25, (row, field) => (field === 'support_ratio' && row > 10 ? NaN : row))
  const support = scoreFundQuality(day, undefined).components.find(({ field }) => field === 'support_ratio')!
  expect([support.reference, support.z.every((z) => z === 0)]).toEqual(['none', true])
})

test.skipIf(!hasShared)('scoreFundQuality() ranks by the mid-rank of the worked example (needs FUPAN_SHARED)', () => {
  const { midrank } = JSON.parse(readFileSync(vectorFile, 'utf8')) as { midrank: { hist: number[]; 'pct_0.58': number; 'pct_0.5': number } }
  expect(midRank(midrank.hist, 0.58)).toBeCloseTo(midrank['pct_0.58'], 12)
  expect(midRank(midrank.hist, 0.5)).toBeCloseTo(midrank['pct_0.5'], 12)
})
