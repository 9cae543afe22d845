import { expect, test } from 'vitest'
import { clockTime, formatClock } from './shanghai-time.ts'
import { dateOfDayNumber, dayNumber, tradeDate, type EpochMs } from './trade-date.ts'
import { nthWeekday, offsetAt, zoneDate, zoneInstant, ZONES, zoneTimeOfDay } from './zone-time.ts'

const utc = (date: string) => Date.parse(date) as EpochMs
const newYork = (date: number, clock: string) => new Date(zoneInstant('America/New_York', tradeDate(date), clockTime(clock))).toISOString().slice(0, 16)

test.each(ZONES)('zoneDate() and zoneTimeOfDay() of %s agree with the zone tables of the runtime, every seven hours from 1992 to 2099', (zone) => {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  for (let at = utc('1992-01-01T00:00Z'); at < utc('2099-12-31T00:00Z'); at = (at + 7 * 3_600_000 + 13 * 86_400_000) as EpochMs) {
    const expected = format.format(at)
    const date = String(zoneDate(zone, at))
    const found = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}, ${formatClock(zoneTimeOfDay(zone, at)).slice(0, 5)}`
    if (found !== expected) expect.fail(`${at}: ${found} is ${expected}`)
  }
})

test('offsetAt() of New York changes at the very second, in spring and in autumn, before and after 2007', () => {
  for (const [before, from] of [
    ['2026-03-08T06:59:59.999Z', -4],
    ['2026-11-01T05:59:59.999Z', -5],
    ['2006-04-02T06:59:59.999Z', -4],
    ['2006-10-29T05:59:59.999Z', -5],
  ] as const) {
    expect(offsetAt('America/New_York', utc(before))).toBe((from === -4 ? -5 : -4) * 3_600_000)
    expect(offsetAt('America/New_York', (utc(before) + 1) as EpochMs)).toBe(from * 3_600_000)
  }
})

test('zoneInstant() of New York: the session of Friday and of Monday around both changes', () => {
  expect([newYork(20260306, '09:30'), newYork(20260306, '16:00')]).toEqual(['2026-03-06T14:30', '2026-03-06T21:00'])
  expect([newYork(20260309, '09:30'), newYork(20260309, '16:00')]).toEqual(['2026-03-09T13:30', '2026-03-09T20:00'])
  expect([newYork(20261030, '09:30'), newYork(20261102, '09:30')]).toEqual(['2026-10-30T13:30', '2026-11-02T14:30'])
})

test('zoneInstant() reads a skipped time on from standard time and the first of two', () => {
  expect(newYork(20260308, '02:30')).toBe('2026-03-08T07:30')
  expect(newYork(20260308, '03:30')).toBe('2026-03-08T07:30')
  expect(newYork(20261101, '01:30')).toBe('2026-11-01T05:30')
  expect(newYork(20261101, '02:00')).toBe('2026-11-01T07:00')
})

test.each(ZONES)('zoneInstant() is undone by zoneDate() and zoneTimeOfDay() at every hour of two years of %s, but for the skipped one', (zone) => {
  for (let day = dayNumber(tradeDate(20250101)); day <= dayNumber(tradeDate(20261231)); day++)
    for (let hour = 0; hour < 24; hour++) {
      const date = dateOfDayNumber(day)
      if (zone === 'America/New_York' && hour === 2 && (date === 20250309 || date === 20260308)) continue
      const at = zoneInstant(zone, date, hour * 3_600_000)
      if (zoneDate(zone, at) !== date || zoneTimeOfDay(zone, at) !== hour * 3_600_000) expect.fail(`${date} ${hour}:00`)
    }
})

test('nthWeekday() finds the third Monday, the fourth Thursday and the last Monday of a month', () => {
  expect([nthWeekday(2026, 1, 1, 3), nthWeekday(2026, 11, 4, 4), nthWeekday(2026, 5, 1, 0), nthWeekday(2024, 12, 7, 0)]).toEqual([
    20260119, 20261126, 20260525, 20241229,
  ])
})
