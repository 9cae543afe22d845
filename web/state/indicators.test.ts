import { expect, test } from 'vitest'
import { INDICATORS, indicatorColumns, readIndicator } from './indicators.ts'

const close = Array.from({ length: 60 }, (_, i) => 20 + Math.sin(i / 5) * 3)
const bars = { high: close.map((price) => price + 0.5), low: close.map((price) => price - 0.5), close }

test('indicatorColumns() has an entry per bar, and none before an indicator has its bars', () => {
  for (const kind of INDICATORS) {
    const { lines, histogram } = indicatorColumns(kind, bars)
    for (const { values } of [...lines, ...(histogram === undefined ? [] : [histogram])]) expect(values.length).toBe(60)
  }
  const first = (kind: (typeof INDICATORS)[number], line: number) => indicatorColumns(kind, bars).lines[line]!.values.findIndex((value) => value !== undefined)
  // Nine bars; so many changes as the period.
  expect([first('macd', 0), first('kdj', 0), first('rsi', 0), first('rsi', 2)]).toEqual([0, 8, 6, 24])
})

test('indicatorColumns() draws the MACD bar twice as high as DIF stands above DEA', () => {
  const { lines, histogram } = indicatorColumns('macd', bars)
  expect(histogram!.values[40]).toBeCloseTo(2 * ((lines[0]!.values[40] ?? NaN) - (lines[1]!.values[40] ?? NaN)), 12)
})

test('indicatorColumns() puts the RSI of a rise at 100 and of a fall at 0', () => {
  const line = (prices: readonly number[]) => indicatorColumns('rsi', { high: prices, low: prices, close: prices }).lines[0]!.values.at(-1)
  expect([line([1, 2, 3, 4, 5, 6, 7, 8]), line([8, 7, 6, 5, 4, 3, 2, 1])]).toEqual([100, 0])
})

test('readIndicator() keeps what it knows and shows none otherwise', () => {
  expect(['kdj', 'wr', undefined, 3].map(readIndicator)).toEqual(['kdj', undefined, undefined, undefined])
})
