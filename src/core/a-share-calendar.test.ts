import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { aShareCalendar } from './a-share-calendar.ts'
import { closures } from './rules/closures.ts'
import { tradeDate, weekday } from './trade-date.ts'

const shared = process.env['FUPAN_SHARED'] ?? '../shared'
const hasShared = existsSync(join(shared, 'data/calendar/xshg_sessions.csv.gz'))

test('aShareCalendar knows the days people remember', () => {
  for (const closed of [20050207, 20071231, 20080102 - 1, 20150903, 20200131, 20240209, 20250128, 20260223, 20261007])
    expect(aShareCalendar.isOpen(tradeDate(closed))).toBe(false)
  for (const open of [20050104, 20080929 - 3, 20150902, 20200203, 20240208, 20250127, 20260224, 20261008])
    expect(aShareCalendar.isOpen(tradeDate(open))).toBe(true)
  // An office Sunday is not a market day: 2024-02-04 made up for Spring Festival.
  expect(aShareCalendar.isOpen(tradeDate(20240204))).toBe(false)
  expect(aShareCalendar.next(tradeDate(20260213))).toBe(20260224)
})

test('aShareCalendar says that it does not know 2004 and 2027', () => {
  for (const outside of [20041231, 20270101])
    expect(() => aShareCalendar.isOpen(tradeDate(outside))).toThrow(/the calendar covers 2005-01-01 to 2026-12-31. Import a calendar/)
})

test('closures begin and end on weekdays', () => {
  for (const { from, to } of closures.rows.a_share) expect(Math.max(weekday(from), weekday(to ?? from))).toBeLessThanOrEqual(5)
})

test.skipIf(!hasShared)('aShareCalendar equals the recorded Shanghai sessions of 2005 to 2026 (needs FUPAN_SHARED)', () => {
  const lines = gunzipSync(readFileSync(join(shared, 'data/calendar/xshg_sessions.csv.gz')))
    .toString()
    .trim()
    .split('\n')
    .slice(1)
  const recorded = lines.map((line) => tradeDate(line.slice(0, 10))).filter((date) => date >= 20050101 && date <= 20261231)
  expect(recorded.length).toBeGreaterThan(5300)
  expect(aShareCalendar.dates(aShareCalendar.from, aShareCalendar.to)).toEqual(recorded)
})

test.skipIf(!hasShared)('aShareCalendar equals the vendor’s trade_cal, previous days included (needs FUPAN_SHARED)', () => {
  const rows = readFileSync(join(shared, 'data/tushare/trade_cal.csv'), 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','))
  expect(rows.length).toBeGreaterThanOrEqual(500)
  for (const [date, isOpen, previous] of rows) {
    expect(aShareCalendar.isOpen(tradeDate(date!)), date).toBe(isOpen === '1')
    expect(aShareCalendar.previous(tradeDate(date!)), date).toBe(Number(previous))
  }
})
