import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TradeDate } from '#core/trade-date.ts'
import { WHOLE, differenceOf, fingerprintsOf, windowMax } from './fingerprint.ts'
import { graphOf } from './graph.ts'
import { States, task } from './test-rig.ts'

const days = [20260105, 20260106, 20260107, 20260108] as TradeDate[]

test('windowMax() equals the maximum of each window taken afresh', () => {
  const cases = fc.record({
    values: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 }),
    cut: fc.nat(39),
    lookback: fc.oneof(fc.nat(12), fc.constant('all' as const)),
  })
  fc.assert(
    fc.property(cases, ({ values, cut, lookback }) => {
      const first = Math.min(cut, values.length - 1)
      const slow = values.map((_, i) => Math.max(...values.slice(lookback === 'all' ? 0 : Math.max(0, i - lookback), i + 1)))
      expect([...windowMax((i) => values[i]!, first, values.length - 1, lookback)]).toEqual(slow.slice(first))
    }),
  )
})

test('fingerprintsOf() names the definition and the newest version of each input within its lookback', () => {
  const inputs = [
    { name: 'ods', lookback: 1 },
    { name: 'dim', lookback: 0 },
    { name: 'fina', lookback: 'all' as const },
    { name: 'late', lookback: 0, strength: 'order' as const },
  ]
  const graph = graphOf([
    task('ods', [], { given: true }),
    task('dim', [], { given: true, whole: true }),
    task('fina', [], { given: true }),
    task('late'),
    task('dwd', inputs),
  ])
  const states = new States()
  states.arrive('ods', ...days)
  states.arrive('dim', WHOLE)
  states.arrive('fina', days[0]!)
  states.arrive('ods', days[1]!)
  expect(fingerprintsOf(graph, graph.byName.get('dwd')!, days, 0, 3, states.stateOf)).toEqual([
    'dwd v1|ods@1|dim@2|fina@3',
    'dwd v1|ods@4|dim@2|fina@3',
    'dwd v1|ods@4|dim@2|fina@3',
    'dwd v1|ods@1|dim@2|fina@3',
  ])
})

test('differenceOf() says what changed', () => {
  expect(differenceOf('d|a@1|b@2', 'd|a@1|b@2')).toBeUndefined()
  expect(differenceOf('d|a@1|b@2', 'd|a@1|b@3')).toBe('stale: b changed')
  expect(differenceOf('d|a@1|b@2', 'e|a@1|b@3')).toBe('stale: definition changed')
  expect(differenceOf('d|a@1', 'd|a@1|b@3')).toBe('stale: definition changed')
  expect(differenceOf('', 'd|a@1')).toBe('stale: definition changed')
})
