import { expect, test } from 'vitest'
import { D, TestLedger } from './test-ledger.ts'

test('QualityChecks.record() keeps answers by check, target, date and run, with at most 20 keys', () => {
  using desk = new TestLedger()
  const { checks } = desk.ledger
  const check = {
    checkId: 'QC-DUP-01',
    target: 'dwd_daily',
    date: D(20260105),
    runId: 'r1',
    severity: 'CRITICAL' as const,
    passed: false,
    metric: 3,
    threshold: NaN,
  }
  checks.record([
    { ...check, sample: Array.from({ length: 30 }, (_, i) => [i]) },
    { ...check, checkId: 'QC-CNT-01', severity: 'WARN', passed: true, expected: '≥ 99 %', actual: '99.5 %' },
  ])
  const [count, twice] = checks.ofRun('r1')
  expect(count).toMatchObject({ passed: true, expected: '≥ 99 %', actual: '99.5 %' })
  expect(twice).toMatchObject({ passed: false, metric: 3, checkedAt: desk.clock.now() })
  expect(twice).not.toHaveProperty('threshold')
  expect(twice!.sample).toHaveLength(20)
  checks.record([{ ...check, passed: true }])
  expect(checks.about('dwd_daily', { failedOnly: true })).toEqual([])
  expect(checks.about('dwd_daily')).toHaveLength(2)
})
