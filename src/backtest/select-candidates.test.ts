import { expect, test } from 'vitest'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import type { Code } from '#core/code.ts'
import { seededRng } from '#core/rng.ts'
import { tradeDate } from '#core/trade-date.ts'
import { tableOf, type TableRow } from './candidate-table-by-hand.ts'
import { Market } from './market.ts'
import { selectCandidates } from './select-candidates.ts'

const dates = aShareCalendar.dates(tradeDate(20260105), tradeDate(20260116))
const [monday, tuesday] = [dates[0]!, dates[1]!]
const codes = ['600001.SH', '600002.SH', '600003.SH', '600004.SH']

/** Four stocks at 10.20; the first goes ex-rights ten for ten on Tuesday. */
const market = new Market({
  dates: Uint32Array.from(dates),
  stocks: codes.map((code, i) => {
    const price = (day: number) => (i === 0 && day > 0 ? 5.1 : 10.2)
    const column = () => Float64Array.from(dates, (_, day) => price(day))
    return {
      code: code as Code,
      listDate: tradeDate(20100104),
      dates: Uint32Array.from(dates),
      open: column(),
      high: column(),
      low: column(),
      close: column(),
      volume: new Float64Array(dates.length).fill(1e6),
      adjFactor: Float64Array.from(dates, (_, day) => (i === 0 && day > 0 ? 2 : 1)),
    }
  }),
})

const row = (code: string, changes: Partial<TableRow> = {}): TableRow => ({
  date: monday,
  validFor: tuesday,
  code,
  close: 10.2,
  qualityZ: 1,
  qualityPct: 0.9,
  supportPrice: 10,
  supportScore: 0.7,
  supportPct: 0.8,
  supportTests: 2,
  resistancePrice: 10.9,
  resistanceScore: 0.4,
  ...changes,
})

const codesOf = (rows: readonly TableRow[], selection: Parameters<typeof selectCandidates>[2] = {}) =>
  selectCandidates(tableOf(rows), market, selection).map(({ code }) => code)

test('selectCandidates() gives prices in the scale of the day they are for', () => {
  const [first, second] = selectCandidates(tableOf([row('600001.SH'), row('600002.SH')]), market, { params: { qualityShare: 1 } })
  expect(first).toMatchObject({ code: '600001.SH', supportPrice: 5, resistancePrice: 5.45, date: monday, validFor: tuesday })
  expect(second).toMatchObject({ code: '600002.SH', supportPrice: 10, resistancePrice: 10.9, grade: 'TICK' })
  expect(second!.rankScore).toBeCloseTo(0.4 * 0.9 + 0.35 * 0.8 + 0.25 * 0.5, 12)
})

test('selectCandidates() takes the best money of the day, ties at the cut included', () => {
  const rows = [row('600001.SH', { qualityZ: 2 }), row('600002.SH', { qualityZ: 1 }), row('600003.SH', { qualityZ: 1 }), row('600004.SH', { qualityZ: 0 })]
  expect(codesOf(rows, { params: { qualityShare: 0.25 } })).toEqual(['600001.SH'])
  expect(codesOf(rows, { params: { qualityShare: 0.5 } })).toEqual(['600001.SH', '600002.SH', '600003.SH'])
  expect(codesOf(rows, { params: { qualityShare: 0.25 }, variant: 'no_fund_quality' })).toEqual(codes)
})

test('selectCandidates() without ticks asks for a near and strong level, and for nothing that only ticks can say', () => {
  const bare = { qualityZ: NaN, supportScore: NaN, supportPct: NaN, supportTests: 0, resistanceScore: NaN }
  const rows = [
    row('600001.SH', bare),
    row('600002.SH', { ...bare, supportPrice: 9 }),
    row('600003.SH', { ...bare, supportStrength: 0.2 }),
    row('600004.SH', { ...bare, supportPrice: NaN }),
  ]
  expect(codesOf(rows)).toEqual([])
  expect(codesOf(rows, { grade: 'NONE' })).toEqual(['600001.SH'])
})

test('selectCandidates() with price-only levels forgets absorption and keeps the money', () => {
  const rows = [row('600001.SH', { qualityZ: 2, supportPct: 0.1 }), row('600002.SH', { qualityZ: 0, supportPct: 0.9 })]
  expect(codesOf(rows, { params: { qualityShare: 0.5 } })).toEqual([])
  expect(codesOf(rows, { params: { qualityShare: 0.5 }, variant: 'price_only_levels' })).toEqual(['600001.SH'])
})

test('selectCandidates() draws random levels at the distances of real ones', () => {
  const rows = [row('600001.SH', { supportPrice: 10 }), row('600002.SH', { supportPrice: 9.8 })]
  const drawn = Array.from({ length: 20 }, (_, seed) =>
    selectCandidates(tableOf(rows), market, { params: { qualityShare: 1 }, variant: 'random_levels', rng: seededRng(seed) }).find(
      ({ code }) => code === '600002.SH',
    )!,
  )
  expect(new Set(drawn.map(({ supportPrice }) => supportPrice))).toEqual(new Set([9.8, 10]))
})

test('selectCandidates() leaves out what could not be traded and what the market does not hold', () => {
  const table = tableOf([row('600001.SH'), row('600009.SH')])
  expect(selectCandidates({ ...table, isTradable: Uint8Array.of(0, 1) }, market, { params: { qualityShare: 1 } })).toEqual([])
})
