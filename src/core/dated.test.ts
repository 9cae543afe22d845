import { expect, test } from 'vitest'
import { defineRule, ruleOn, type Dated } from './dated.ts'
import { rules } from './rules/index.ts'
import { dateOfDayNumber, dayNumber, tradeDate } from './trade-date.ts'

const speed = defineRule<'a', number>({
  name: 'speed',
  label: { zh: '速度', en: 'Speed' },
  about: '',
  rows: {
    a: [
      { from: tradeDate(20100101), value: 1, source: 's' },
      { from: tradeDate(20150601), to: tradeDate(20161231), value: 2, source: 's' },
    ],
  },
})

test('ruleOn() answers with the row in force, its first and last day included', () => {
  expect(ruleOn(speed, 'a', tradeDate(20100101))).toBe(1)
  expect(ruleOn(speed, 'a', tradeDate(20150531))).toBe(1)
  expect(ruleOn(speed, 'a', tradeDate(20150601))).toBe(2)
  expect(ruleOn(speed, 'a', tradeDate(20161231))).toBe(2)
})

test('ruleOn() refuses days no row covers and says what is covered', () => {
  expect(() => ruleOn(speed, 'a', tradeDate(20091231))).toThrow(/^Cannot tell speed of "a" on 2009-12-31: .*rows from 2010-01-01 to 2016-12-31/)
  expect(() => ruleOn(speed, 'a', tradeDate(20170101))).toThrow(RangeError)
})

const lists = rules.flatMap((rule) => Object.entries(rule.rows).map(([kase, rows]) => [`${rule.name}.${kase}`, rows as readonly Dated<unknown>[]] as const))

test.each(lists)('rules: the rows of %s ascend, never overlap and name a source', (_, rows) => {
  for (const [i, row] of rows.entries()) {
    expect(tradeDate(row.from)).toBe(row.from)
    expect(row.source.length).toBeGreaterThan(8)
    expect(row.to ?? row.from).toBeGreaterThanOrEqual(row.from)
    if (i > 0) expect(row.from).toBeGreaterThan(rows[i - 1]!.to ?? rows[i - 1]!.from)
  }
})

// The first day each market or product existed; everything else is covered from 2005-01-01.
const born: Readonly<Record<string, number>> = {
  chinext: 20091030,
  chinext_st: 20091030,
  // Today's spread table began then.
  hk: 20060724,
  'SZ.chinext': 20091030,
  star: 20190722,
  'SH.star': 20190722,
  bse: 20211115,
  BJ: 20211115,
  'BJ.bse': 20211115,
}

test.each(lists.filter(([name]) => !name.startsWith('closures')))(
  'rules: %s covers every day from 2005, or from its market’s first day, to 2026',
  (name, rows) => {
    const first = Math.max(20050101, born[name.slice(name.indexOf('.') + 1)] ?? 0)
    for (let day = dayNumber(tradeDate(first)); day <= dayNumber(tradeDate(20261231)); day++) {
      const date = dateOfDayNumber(day)
      const inForce = rows.filter((row, i) => date >= row.from && date <= (row.to ?? 99991231) && date < (rows[i + 1]?.from ?? Infinity))
      if (inForce.length !== 1) expect.fail(`${name} has ${inForce.length} rows on ${date}`)
    }
    expect(rows.every((row) => row.to === undefined)).toBe(true)
  },
)

test('rules: every rule in the registry is there once', () => {
  const names = rules.map((rule) => rule.name)
  expect(new Set(names).size).toBe(names.length)
  expect(names).toContain('stamp_duty')
})
