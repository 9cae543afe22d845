import { defineRule, type Dated } from '../dated.ts'
import { clockTime } from '../shanghai-time.ts'
import { tradeDate } from '../trade-date.ts'

/** The parts of a trading day in the order of their ordinals (spec microstructure §1). CLOSED is every other time of day. */
export const SEGMENTS = ['OPEN_CALL_A', 'OPEN_CALL_B', 'OPEN_PRINT', 'PAUSE', 'AM', 'LUNCH', 'PM', 'CLOSE_CALL', 'CLOSE_PRINT', 'AH_FIXED', 'CLOSED'] as const

export type SegmentName = (typeof SEGMENTS)[number]

/** One segment of the day in milliseconds after midnight: `start` included; records stamped before `recordsUntil` still belong to it. */
export interface SegmentSpan {
  readonly segment: SegmentName
  readonly start: number
  readonly end: number
  readonly recordsUntil: number
}

/** Exchange and board, or exchange and `fund`: who follows which timetable. */
export type SessionCase = 'SH.main' | 'SH.star' | 'SH.fund' | 'SZ.main' | 'SZ.chinext' | 'SZ.fund' | 'BJ.bse'

// Feeds stamp the last records of a segment up to five seconds late, the opening print within ten, the closing print within the minute.
const morning: readonly SegmentSpan[] = [
  span('OPEN_CALL_A', '09:15', '09:20'),
  span('OPEN_CALL_B', '09:20', '09:25'),
  span('OPEN_PRINT', '09:25', '09:25', '09:25:10'),
  span('PAUSE', '09:25:10', '09:30'),
  span('AM', '09:30', '11:30', '11:30:06'),
  span('LUNCH', '11:30:06', '13:00'),
]
const untilThree: readonly SegmentSpan[] = [...morning, span('PM', '13:00', '15:00', '15:01')]
const closingCall: readonly SegmentSpan[] = [
  ...morning,
  span('PM', '13:00', '14:57', '14:57:06'),
  span('CLOSE_CALL', '14:57:06', '15:00'),
  span('CLOSE_PRINT', '15:00', '15:00', '15:01'),
]
const afterHours: readonly SegmentSpan[] = [...closingCall, span('AH_FIXED', '15:05', '15:30')]

const covered = tradeDate(20050101)
const shContinuous: Dated<readonly SegmentSpan[]> = {
  from: covered,
  value: untilThree,
  source: 'SSE trading rules before 2018: continuous to 15:00, the close is the volume-weighted price of the last minute',
}
const szClosingCall: Dated<readonly SegmentSpan[]> = { from: covered, value: closingCall, source: 'SZSE trading rules: closing call 14:57 to 15:00' }
const since2026: Dated<readonly SegmentSpan[]> = {
  from: tradeDate(20260706),
  value: afterHours,
  source: 'SSE rules 2026 (上证发〔2026〕41号), SZSE rules 2026 (深证上〔2026〕551号): after-hours fixed price for all A shares and funds',
}

/** 交易时段: the timetable of a day by exchange and board. */
export const tradingSessions = defineRule<SessionCase, readonly SegmentSpan[]>({
  name: 'trading_sessions',
  label: { zh: '交易时段', en: 'Trading sessions' },
  about: 'Segments of the day, Shanghai time, in milliseconds after midnight.',
  rows: {
    'SH.main': [
      shContinuous,
      { from: tradeDate(20180820), value: closingCall, source: 'SSE trading rules 2018 revision: closing call from 2018-08-20' },
      since2026,
    ],
    'SH.star': [{ from: tradeDate(20190722), value: afterHours, source: 'SSE STAR special trading rules 2019: after-hours fixed price 15:05 to 15:30' }],
    'SH.fund': [shContinuous, since2026],
    'SZ.main': [szClosingCall, since2026],
    'SZ.chinext': [
      { ...szClosingCall, from: tradeDate(20091030) },
      { from: tradeDate(20200824), value: afterHours, source: 'SZSE ChiNext special trading rules 2020: after-hours fixed price 15:05 to 15:30' },
    ],
    'SZ.fund': [szClosingCall, since2026],
    'BJ.bse': [{ from: tradeDate(20211115), value: closingCall, source: 'BSE trading rules 2021: closing call 14:57 to 15:00, no after-hours fixed price' }],
  },
})

function span(segment: SegmentName, start: string, end: string, recordsUntil = end): SegmentSpan {
  return { segment, start: clockTime(start), end: clockTime(end), recordsUntil: clockTime(recordsUntil) }
}
