import { expect, test } from 'vitest'
import { dateOfDayNumber } from '#core/trade-date.ts'
import { D, TestLedger } from './test-ledger.ts'

const day = (date: number, digest?: string) => ({ date: D(date), rows: 10, fingerprint: `f${date}`, ...(digest === undefined ? {} : { digest }) })

test('PartitionStates.record() gives changed days the new version and keeps that of unchanged ones', () => {
  using desk = new TestLedger()
  const { partitions } = desk.ledger
  expect(partitions.record({ table: 't', version: 1, runId: 'r', days: [day(20260105, 'x'), day(20260106, 'y'), day(20260107)] })).toEqual({
    changed: 3,
    unchanged: 0,
  })
  expect(
    partitions.record({ table: 't', version: 2, runId: 'r', days: [{ ...day(20260105, 'x'), fingerprint: 'new' }, day(20260106, 'z'), day(20260107)] }),
  ).toEqual({ changed: 2, unchanged: 1 })
  const stateOf = partitions.reader()
  expect([20260105, 20260106, 20260107, 20260108].map((date) => stateOf('t', D(date)))).toEqual([
    { version: 1, fingerprint: 'new' },
    { version: 2, fingerprint: 'f20260106' },
    { version: 2, fingerprint: 'f20260107' },
    undefined,
  ])
})

test('PartitionStates.reader() sees what is recorded, invalidated and removed after it was made', () => {
  using desk = new TestLedger()
  const { partitions } = desk.ledger
  const stateOf = partitions.reader()
  expect(stateOf('t', D(20260105))).toBeUndefined()
  partitions.record({ table: 't', version: 1, runId: 'r', days: [day(20260105, 'x'), day(20260106)] })
  expect(stateOf('t', D(20260105))?.version).toBe(1)
  expect(partitions.invalidate('t', D(20260105), D(20260105))).toBe(1)
  expect(stateOf('t', D(20260105))).toBeUndefined()
  expect(partitions.record({ table: 't', version: 2, runId: 'r', days: [day(20260105, 'x')] })).toEqual({ changed: 1, unchanged: 0 })
  expect(partitions.remove('t', D(20260101), D(20260131))).toBe(2)
  expect(stateOf('t', D(20260106))).toBeUndefined()
})

test('PartitionStates.reader() notices what another process wrote', () => {
  using desk = new TestLedger()
  const other = desk.another(2)
  expect(other.partitions.reader()('t', D(20260105))).toBeUndefined()
  desk.ledger.partitions.record({ table: 't', version: 1, runId: 'r', days: [day(20260105)] })
  expect(other.partitions.reader()('t', D(20260105))?.version).toBe(1)
})

test('PartitionStates answers what there is: newest version, coverage, rows per day', () => {
  using desk = new TestLedger()
  const { partitions } = desk.ledger
  partitions.record({ table: 't', version: 1, runId: 'r', days: [day(20260105), day(20260106)] })
  partitions.record({ table: 't', version: 5, runId: 'r', days: [day(20260106)] })
  partitions.record({ table: 'dim', version: 2, runId: 'r', days: [day(0)] })
  expect([
    partitions.maxVersion('t', D(20260105), D(20260105)),
    partitions.maxVersion('t', D(20260101), D(20260131)),
    partitions.maxVersion('u', D(0), D(20991231)),
  ]).toEqual([1, 5, 0])
  expect(partitions.coverage()).toEqual([
    { table: 'dim', from: 0, to: 0, days: 1, rows: 10, version: 2, builtAt: 1_767_600_060_000 },
    { table: 't', from: 20260105, to: 20260106, days: 2, rows: 20, version: 5, builtAt: 1_767_600_060_000 },
  ])
  expect(partitions.days('t', D(20260106), D(20260131))).toMatchObject([{ date: 20260106, rows: 10, version: 5 }])
})

test('PartitionStates.record() takes thousands of days at once', () => {
  using desk = new TestLedger()
  const days = Array.from({ length: 4000 }, (_, i) => ({
    date: dateOfDayNumber(14_000 + i),
    rows: 5000,
    fingerprint: 'dwd v1|ods_daily@1|dim_stock@2',
    digest: `${i}`,
  }))
  const since = performance.now()
  for (const version of [1, 2, 3]) desk.ledger.partitions.record({ table: 't', version, runId: 'r', days })
  const perSecond = (3 * days.length) / ((performance.now() - since) / 1000)
  expect(desk.ledger.partitions.coverage()).toMatchObject([{ days: 4000, version: 1 }])
  expect(perSecond).toBeGreaterThan(15_000)
})
