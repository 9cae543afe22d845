import { expect, test } from 'vitest'
import type { ImportBatches } from './import-batches.ts'
import { TestLedger } from './test-ledger.ts'

const file = { size: 10, mtime: 1_767_600_000_000, sha256: 'ab12' }
const counts = { rowsRead: 9, rowsWritten: 5, rowsUnchanged: 1, rowsDuplicate: 1, rowsRejected: 2, reasons: { BAD_DATE: 2 } }
const begin = (imports: ImportBatches, batchId: string): void => imports.begin({ batchId, path: 'in/a.csv', kind: 'tushare-daily', file, version: 3 })

test('ImportBatches tells a finished file by its content', async () => {
  using desk = new TestLedger()
  const { imports } = desk.ledger
  begin(imports, 'b1')
  expect(imports.doneBefore('ab12', 'tushare-daily')).toBeUndefined()
  imports.setTables('b1', [{ table: 'ods_daily', staging: 'ods_daily_staging_3' }])
  imports.publish('b1')
  await desk.clock.tick(1000)
  imports.finish('b1', counts)
  const batch = {
    batchId: 'b1',
    path: 'in/a.csv',
    kind: 'tushare-daily',
    file,
    version: 3,
    state: 'done',
    tables: [{ table: 'ods_daily', staging: 'ods_daily_staging_3' }],
    ...counts,
    startedAt: desk.clock.now() - 1000,
    endedAt: desk.clock.now(),
  }
  expect(imports.doneBefore('ab12', 'tushare-daily')).toEqual(batch)
  expect(imports.doneBefore('ab12', 'baostock-daily')).toBeUndefined()
  expect(imports.latest()).toEqual([batch])
})

test('ImportBatches.unfinished() separates what is to be cleaned from what is to be rolled forward', () => {
  using desk = new TestLedger()
  const { imports } = desk.ledger
  for (const batchId of ['b1', 'b2', 'b3', 'b4']) begin(imports, batchId)
  imports.publish('b2')
  imports.fail('b3', 'no rows')
  imports.abandon('b4')
  expect(imports.unfinished().map(({ batchId, state }) => [batchId, state])).toEqual([
    ['b1', 'staging'],
    ['b2', 'publishing'],
  ])
  expect(imports.read('b3')).toMatchObject({ state: 'failed', detail: 'no rows' })
})

test('ImportBatches refuses a change out of turn', () => {
  using desk = new TestLedger()
  const { imports } = desk.ledger
  begin(imports, 'b1')
  expect(() => imports.finish('b1', counts)).toThrow(/must be publishing, found staging/)
  imports.publish('b1')
  expect(() => imports.abandon('b1')).toThrow(/must be staging, found publishing/)
  expect(() => imports.setTables('b2', [])).toThrow(/found no such batch/)
})
