import { frameOf, toLabels } from '#core/frame.ts'
import { defineImportKind } from '#core/import-kind.ts'
import { dateOfDayNumber, dayNumber, tradeDate } from '#core/trade-date.ts'
import { hasAll } from '../header.ts'
import { marketDayNumbers } from '../market-day-number.ts'
import { Sieve } from '../sieve.ts'
import { dateFrom } from '../timestamp.ts'

/** 开市日历: a list of sessions with UTC opening and closing times. It lists every open day of its span, so the other days are closed. */
export const sessionCalendar = defineImportKind({
  name: 'session_calendar',
  label: { zh: '开市日历', en: 'Session calendar' },
  about: 'Sessions of the Shanghai exchange: ,open,close,break_start,break_end in UTC. Days between listed sessions count as closed.',
  needs: [],
  tables: ['ods_trade_cal'],
  columns: ['', 'open', 'close', 'break_start', 'break_end'],
  whole: true,
  recognises: (header) => hasAll(header, ['open'], ['close'], ['break_start'], ['break_end']) && header.length <= 6,
  decode(table) {
    const sieve = new Sieve(table)
    const opens = table.columns[table.header.findIndex((name) => name.trim().toLowerCase() === 'open')]!
    const sessions = new Set<number>()
    for (let row = 0; row < sieve.length; row++) {
      // The session's opening instant in UTC lies on the same calendar day as in Shanghai: it opens at 09:00 or later.
      const date = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(opens[row]!) ? dateFrom(opens[row]!.slice(0, 10)) : undefined
      if (date === undefined) sieve.reject(row, 'BAD_DATE', opens[row]!)
      else if (sessions.has(date)) sieve.reject(row, 'DUPLICATE', opens[row]!)
      else sessions.add(date)
    }
    const open = [...sessions].toSorted((a, b) => a - b).map((date) => tradeDate(date))
    const days: number[] = []
    if (open.length > 0) for (let day = dayNumber(open[0]!); day <= dayNumber(open.at(-1)!); day++) days.push(dateOfDayNumber(day))
    const isOpen = Uint8Array.from(days, (date) => (sessions.has(date) ? 1 : 0))
    const previous = new Float64Array(days.length)
    let last = NaN
    for (let i = 0; i < days.length; i++) {
      previous[i] = last
      if (isOpen[i] === 1) last = days[i]!
    }
    const frame = frameOf({
      exchange: toLabels(days.map(() => 'SSE')),
      cal_date: Uint32Array.from(days),
      is_open: isOpen,
      pretrade_date: previous,
      day_idx: marketDayNumbers(days, isOpen),
    })
    return { frames: [{ table: 'ods_trade_cal', frame }], rejected: sieve.rejections() }
  },
})
