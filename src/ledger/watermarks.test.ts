import { expect, test } from 'vitest'
import { D, TestLedger } from './test-ledger.ts'

const move = { apiName: 'ods_daily', cap: D(20260109), runId: 'r1', reason: 'built' }

test('Watermarks.advance() moves forward only, and every move is in the audit', () => {
  using desk = new TestLedger()
  const { watermarks } = desk.ledger
  expect(watermarks.advance({ ...move, to: D(20260107), historyStart: D(20260105) })).toBe('advanced')
  expect(watermarks.advance({ ...move, to: D(20260106) })).toBe('unchanged')
  expect(watermarks.advance({ ...move, to: D(20260109), runId: 'r2' })).toBe('advanced')
  expect(watermarks.read('ods_daily')).toMatchObject({ waterMark: 20260109, historyStart: 20260105, status: 'OK', lastRunId: 'r2' })
  expect(watermarks.audit('ods_daily').map(({ oldWm, newWm, runId }) => [oldWm, newWm, runId])).toEqual([
    [undefined, 20260107, 'r1'],
    [20260107, 20260109, 'r2'],
  ])
})

test('Watermarks.advance() lowers the start of history when a backfill joins, without moving the mark', () => {
  using desk = new TestLedger()
  const { watermarks } = desk.ledger
  watermarks.advance({ ...move, to: D(20260107), historyStart: D(20260105) })
  expect(watermarks.advance({ ...move, to: D(20251231), historyStart: D(20250102) })).toBe('advanced')
  expect(watermarks.read('ods_daily')).toMatchObject({ waterMark: 20260107, historyStart: 20250102 })
})

test('Watermarks never pass the cap and never lie before their history', () => {
  using desk = new TestLedger()
  const { watermarks } = desk.ledger
  expect(() => watermarks.advance({ ...move, to: D(20260112) })).toThrow(/WM_FUTURE.*20260109, found 20260112/)
  expect(() => watermarks.set({ ...move, to: D(20260112) })).toThrow(/WM_FUTURE/)
  expect(() => watermarks.set({ ...move, to: D(20251230), historyStart: D(20260101) })).toThrow(/day before its history/)
  watermarks.set({ ...move, to: D(20251231), historyStart: D(20260101) })
  expect(watermarks.all()).toMatchObject([{ apiName: 'ods_daily', waterMark: 20251231 }])
})

test('Watermarks.repairAhead() lowers one that ran ahead to the last good date and says so', () => {
  using desk = new TestLedger()
  const { watermarks } = desk.ledger
  watermarks.advance({ ...move, cap: D(20261231), to: D(20261231), historyStart: D(20260105) })
  const repair = { apiName: 'ods_daily', lastGood: D(20260108), cap: D(20260109), runId: 'r2' }
  expect(watermarks.repairAhead(repair)).toBe(true)
  expect(watermarks.repairAhead(repair)).toBe(false)
  expect(watermarks.read('ods_daily')).toMatchObject({ waterMark: 20260108, historyStart: 20260105, note: 'WM_AHEAD_REPAIRED 20261231→20260108' })
  expect(watermarks.audit('ods_daily').at(-1)).toMatchObject({ oldWm: 20261231, newWm: 20260108, reason: 'WM_AHEAD_REPAIRED 20261231→20260108' })
})
