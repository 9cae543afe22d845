import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { aShareCalendar } from '#core/a-share-calendar.ts'
import { UsageError } from '#core/errors.ts'
import { tradeDate } from '#core/trade-date.ts'
import { createWorld } from '#market/world.ts'
import { expect, test } from 'vitest'
import { readScript, scriptShape, settleScript } from './script-file.ts'

const surge = { call: 'surge', symbol: '000001.SZ', date: 20260105, t: '10:00', amp: 0.03 }
const read =
  (...calls: readonly unknown[]) =>
  () =>
    readScript(JSON.stringify(calls), 'it.json')

test('readScript() names the item and the field that is wrong, and the next step', () => {
  const tries: readonly (readonly [() => unknown, RegExp])[] = [
    [() => readScript('[{', 'it.json'), /Cannot read the script it.json: .*Write a JSON list/],
    [() => readScript('{}', 'it.json'), /it is no list. Write \[ … \]/],
    [() => readScript('[]', 'it.json'), /it has no calls/],
    [read(surge, { ...surge, call: 'sruge' }), /item 2, field "call": there is no "sruge". Did you mean surge\?/],
    [read(surge, {}), /item 2, field "call": it is missing. Choose one of surge, fade, limit_up/],
    [read(null), /item 1, field "call"/],
    [read(surge, surge, { ...surge, amp: 'much' }), /item 3 \(surge\), field "amp": .*expected number/],
    [read({ ...surge, symbol: undefined }), /item 1 \(surge\), field "symbol"/],
    [read({ ...surge, volume: 3 }), /item 1 \(surge\), field "volume": Unrecognized key/],
    [read({ ...surge, date: 'soon' }), /item 1 \(surge\), field "date"/],
    [read({ call: 'sector_wave', board: '电子', date: 1, t: '10:00', amp: 0.1, lagCurve: [1, -2] }), /item 1 \(sector_wave\), field "lagCurve.1"/],
  ]
  for (const [doing, message] of tries) {
    expect(doing).toThrow(message)
    expect(doing).toThrow(UsageError)
  }
})

const settling = {
  calendar: aShareCalendar,
  last: tradeDate(20260109),
  after: tradeDate(20260112),
  referenceOf: () => 20,
}

test('settleScript() counts days from the last completed one, days ahead from the last there is, and levels from the reference price', () => {
  const written = read(
    { ...surge, date: '-2' },
    { ...surge, date: '-0' },
    { ...surge, date: '+1' },
    { ...surge, call: 'null_test', L: '-1.5%', amp: undefined },
  )()
  const settled = settleScript(written, settling)
  expect(settled.map(({ date }) => date)).toEqual([20260107, 20260109, 20260113, 20260105])
  expect(settled[3]).toMatchObject({ L: 19.7 })
  expect(scriptShape.parse(settled)).toEqual(settled)
  expect(() => settleScript(read({ ...surge, date: '-99999' })(), settling)).toThrow(/item 1 \(surge\), field "date": the calendar does not reach -99999/)
  expect(() => settleScript(written, { ...settling, referenceOf: () => undefined })).toThrow(/item 4 \(null_test\), field "L": 000001.SZ does not trade/)
})

test('settleScript() counts a level from prices that know of the days before, and of no other', () => {
  const level = { call: 'level_bounce', symbol: '000002.SZ', date: 20260107, t: '10:30', L: '+1%' }
  const earlier: number[][] = []
  settleScript(read({ ...surge, date: 20260108 }, level, { ...surge, date: 20260106 }, { ...surge, date: 20260107 })(), {
    ...settling,
    referenceOf(_symbol, _date, before) {
      earlier.push(before.map(({ date }) => date))
      return 20
    },
  })
  expect(earlier).toEqual([[20260106]])
})

test('the example script of the documentation can be laid out over the default market', () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'example-script.json'), 'utf8')
  const last = tradeDate(20261120)
  const dates = aShareCalendar.dates(aShareCalendar.shift(last, -749), last)
  const script = settleScript(readScript(text, 'example-script.json'), { calendar: aShareCalendar, last, after: last, referenceOf: () => 50 })
  const { days, drops } = createWorld({ seed: 20_260_701, size: 300, dates, script }).script
  expect(drops.size).toBe(1)
  expect(days.size).toBeGreaterThan(20)
})
