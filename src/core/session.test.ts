import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  isContinuous,
  minuteLabel,
  minuteSlot,
  SEGMENT,
  segmentAt,
  segmentOf,
  SEGMENTS,
  segmentsOf,
  sessionRulesOn,
  sessionSeconds,
  slotLabel,
} from './session.ts'
import { clockTime, formatClock } from './shanghai-time.ts'
import { tradeDate } from './trade-date.ts'

const today = tradeDate(20260910)
const main = sessionRulesOn(today, 'SH', 'main')
const old = sessionRulesOn(tradeDate(20180817), 'SH', 'main')
const at = (text: string, rules = main) => SEGMENTS[segmentAt(clockTime(text), rules)]

test('SEGMENT gives every name its place in SEGMENTS', () => {
  expect(Object.values(SEGMENT)).toEqual(SEGMENTS.map((_, ordinal) => ordinal))
  expect(Object.keys(SEGMENT)).toEqual([...SEGMENTS])
})

test.each([
  ['09:14:59.999', 'CLOSED'],
  ['09:15', 'OPEN_CALL_A'],
  ['09:20', 'OPEN_CALL_B'],
  ['09:24:59.999', 'OPEN_CALL_B'],
  ['09:25', 'OPEN_PRINT'],
  ['09:25:09', 'OPEN_PRINT'],
  ['09:25:10', 'PAUSE'],
  ['09:30', 'AM'],
  ['11:29:59.999', 'AM'],
  ['11:30', 'AM'],
  ['11:30:05', 'AM'],
  ['11:30:06', 'LUNCH'],
  ['12:59:59', 'LUNCH'],
  ['13:00', 'PM'],
  ['14:57', 'PM'],
  ['14:57:05', 'PM'],
  ['14:57:06', 'CLOSE_CALL'],
  ['14:59:59.999', 'CLOSE_CALL'],
  ['15:00', 'CLOSE_PRINT'],
  ['15:00:59', 'CLOSE_PRINT'],
  ['15:01', 'CLOSED'],
  ['15:05', 'AH_FIXED'],
  ['15:29:59', 'AH_FIXED'],
  ['15:30', 'CLOSED'],
])('segmentAt() puts %s into %s', (time, segment) => expect(at(time)).toBe(segment))

test('segmentOf() follows the dated timetable of each board', () => {
  const of = (date: number, time: string, ...who: ['SH' | 'SZ' | 'BJ', 'main' | 'star' | 'chinext' | 'bse' | 'fund']) =>
    segmentOf(tradeDate(date), clockTime(time), ...who)
  expect(of(20180817, '14:58', 'SH', 'main')).toBe('PM')
  expect(of(20180817, '15:00:30', 'SH', 'main')).toBe('PM')
  expect(of(20180820, '14:58', 'SH', 'main')).toBe('CLOSE_CALL')
  expect(of(20050104, '14:58', 'SZ', 'main')).toBe('CLOSE_CALL')
  expect(of(20190722, '15:10', 'SH', 'star')).toBe('AH_FIXED')
  expect(of(20200821, '15:10', 'SZ', 'chinext')).toBe('CLOSED')
  expect(of(20200824, '15:10', 'SZ', 'chinext')).toBe('AH_FIXED')
  expect(of(20260703, '15:10', 'SZ', 'main')).toBe('CLOSED')
  expect(of(20260706, '15:10', 'SZ', 'main')).toBe('AH_FIXED')
  expect(of(20260703, '14:58', 'SH', 'fund')).toBe('PM')
  expect(of(20260706, '14:58', 'SH', 'fund')).toBe('CLOSE_CALL')
  expect(of(20260706, '15:10', 'SZ', 'fund')).toBe('AH_FIXED')
  expect(of(20260910, '15:10', 'BJ', 'bse')).toBe('CLOSED')
  expect(() => of(20041231, '10:00', 'SH', 'main')).toThrow(/Cannot tell trading_sessions of "SH.main" on 2004-12-31/)
})

test('segmentsOf() equals segmentAt() one by one, in any order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: 0, max: 86_399_999 }), fc.constant(NaN)), { maxLength: 60 }),
      fc.boolean(),
      fc.constantFrom(main, old),
      (times, ascending, rules) => {
        const list = Float64Array.from(ascending ? times.toSorted((a, b) => a - b) : times)
        expect([...segmentsOf(list, rules)]).toEqual([...list].map((time) => segmentAt(time, rules)))
      },
    ),
  )
  expect(() => segmentsOf(new Float64Array(2), main, new Uint8Array(1))).toThrow(RangeError)
})

test('isContinuous() is true of AM and PM alone, by name and by ordinal', () => {
  expect(SEGMENTS.filter((segment) => isContinuous(segment))).toEqual(['AM', 'PM'])
  expect(SEGMENTS.filter((_, ordinal) => isContinuous(ordinal))).toEqual(['AM', 'PM'])
})

test('sessionSeconds() stands still at lunch and from 14:57, or runs to 15:00 where there is no closing call', () => {
  const sigma = (text: string, rules = main) => sessionSeconds(clockTime(text), rules)
  expect(['09:25', '09:30', '09:30:03', '11:30', '12:00', '13:00', '13:00:30', '14:57', '15:00', '15:20'].map((text) => sigma(text))).toEqual([
    0, 0, 3, 7200, 7200, 7200, 7230, 14_220, 14_220, 14_220,
  ])
  expect([sigma('14:58', old), sigma('15:00:30', old)]).toEqual([14_280, 14_400])
  expect([main.fullSeconds, old.fullSeconds]).toEqual([14_220, 14_400])
})

test('minuteLabel() ends the minute: (label − 60 s, label]', () => {
  const label = (text: string, rules = main) => {
    const found = minuteLabel(clockTime(text), rules)
    return Number.isNaN(found) ? undefined : formatClock(found).slice(0, 5)
  }
  // Spec simulator §17.7.
  expect(label('11:30:02.310')).toBe('11:30')
  expect([label('10:00'), label('10:00:00.001')]).toEqual(['10:00', '10:01'])
  expect([label('09:30'), label('13:00'), label('09:25:03')]).toEqual(['09:31', '13:01', '09:30'])
  expect([label('11:29:30'), label('14:56:59.999'), label('14:57'), label('14:57:05')]).toEqual(['11:30', '14:57', '14:57', '14:57'])
  expect([label('15:00'), label('15:00:59')]).toEqual(['15:00', '15:00'])
  expect([label('14:59:30'), label('14:59:30', old), label('15:00:30', old)]).toEqual(['15:00', '15:00', '15:00'])
  expect([label('09:24:59'), label('09:27'), label('12:00'), label('15:10'), label('16:00')]).toEqual([undefined, undefined, undefined, undefined, undefined])
})

test('minuteSlot() fills the 241 slots of a day in order', () => {
  const slots = new Set<number>()
  for (let time = clockTime('09:25'); time < clockTime('15:01'); time += 1000) {
    const slot = minuteSlot(time, main)
    if (!Number.isNaN(slot)) slots.add(slot)
  }
  expect([...slots]).toEqual(Array.from({ length: 241 }, (_, slot) => slot))
  expect([0, 1, 120, 121, 240].map((slot) => formatClock(slotLabel(slot)))).toEqual(['09:30:00', '09:31:00', '11:30:00', '13:01:00', '15:00:00'])
  for (const bad of [-1, 241, 0.5, NaN]) expect(() => slotLabel(bad)).toThrow(RangeError)
})
