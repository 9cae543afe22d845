import { expect, test } from 'vitest'
import { UsageError } from '#core/errors.ts'
import { D, TestLedger } from './test-ledger.ts'

test('Ledger.tables() lists the promised tables with the promised columns', () => {
  using desk = new TestLedger()
  const tables = new Map(desk.ledger.tables().map(({ name, columns }) => [name, columns.map((column) => column.name).join(' ')]))
  expect([...tables.keys()]).toEqual([
    'bt_artifact',
    'bt_equity',
    'bt_order',
    'bt_run',
    'bt_trade',
    'bt_trial',
    'directory_owner',
    'import_batch',
    'market_status',
    'meta_etl_run_log',
    'meta_etl_watermark',
    'meta_lock',
    'meta_quality_check_log',
    'meta_watermark_audit',
    'opportunity',
    'opportunity_event',
    'partition_state',
    'run_event',
    'sim_checkpoint',
    'sim_foreign_session',
    'sim_session',
    'stock_metadata',
    'stock_realtime_price',
    'stock_state',
    'version_sequence',
  ])
  expect(tables.get('meta_etl_watermark')).toBe('api_name water_mark history_start status last_run_id last_success_at updated_at note')
  expect(tables.get('meta_etl_run_log')).toContain(
    'run_id parent_run_id pipeline_id job_name layer api_name mode lenient start_date end_date status rows_read rows_written rows_unchanged rows_rejected api_calls retries bytes_in started_at ended_at heartbeat_at duration_ms host pid err_code err_msg args_json calc_version code_rev',
  )
  expect(tables.get('meta_quality_check_log')).toBe('check_id target trade_date run_id severity passed metric threshold expected actual sample_json checked_at')
  expect(tables.get('meta_lock')).toBe('lock_name owner_run_id fencing_token lease_until')
  expect(tables.get('meta_watermark_audit')).toBe('api_name old_wm new_wm reason run_id at')
})

test('Ledger.readTable() reads any table newest first, in pages', () => {
  using desk = new TestLedger()
  desk.ledger.partitions.record({ table: 't', version: 1, runId: 'r', days: [20260105, 20260106, 20260107].map((date) => ({ date: D(date), rows: 1 })) })
  const { columns, rows } = desk.ledger.readTable('partition_state', 2, 1)
  expect(columns.slice(0, 3)).toEqual(['table_name', 'trade_date', 'ver'])
  expect(rows.map((row) => row[1])).toEqual([20260106, 20260105])
  for (const { name } of desk.ledger.tables()) expect(desk.ledger.readTable(name, 5).name).toBe(name)
})

test('Ledger.readTable() refuses what is not its table', () => {
  using desk = new TestLedger()
  expect(() => desk.ledger.readTable('partition_states', 1)).toThrow(UsageError)
  expect(() => desk.ledger.readTable('partition_states', 1)).toThrow(/did you mean "partition_state"/)
  expect(() => desk.ledger.readTable('sqlite_schema', 1)).toThrow(UsageError)
  expect(() => desk.ledger.readTable('meta_lock" union select 1 --', 1)).toThrow(UsageError)
})
