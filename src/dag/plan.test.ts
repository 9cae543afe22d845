import { expect, test } from 'vitest'
import type { TradeDate } from '#core/trade-date.ts'
import { dateOfDayNumber } from '#core/trade-date.ts'
import { UsageError } from '#core/errors.ts'
import { WHOLE } from './fingerprint.ts'
import type { TaskNode } from './graph.ts'
import type { Plan } from './plan.ts'
import { Rig, States, task } from './test-rig.ts'

const WEEK = [20260105, 20260106, 20260107, 20260108, 20260109]
const given = (name: string, rest: Partial<TaskNode> = {}): TaskNode => task(name, [], { given: true, ...rest })

/** `task 20260105..20260107 why`, one line per step. */
const lines = (plan: Plan): string[] => plan.steps.map(({ task, from, to, why }) => `${task} ${from}..${to} ${why}`)

/** Pretend everything planned was built. */
function build(rig: Rig): void {
  for (const { task, dates } of rig.plan().steps) rig.states.record({ task, fingerprints: rig.printsOf(task, dates) })
}

// ods --> dwd --> dws (reads 2 days back)
const chain = [given('ods'), task('dwd', ['ods']), task('dws', [{ name: 'dwd', lookback: 2 }])]

test('planOf() builds what is missing, inputs first, in one range', () => {
  const rig = new Rig(chain, WEEK)
  rig.states.arrive('ods', ...WEEK)
  expect(lines(rig.plan())).toEqual(['dwd 20260105..20260109 missing', 'dws 20260105..20260109 missing'])
})

test('planOf() plans nothing when everything is fresh', () => {
  const rig = new Rig(chain, WEEK)
  rig.states.arrive('ods', ...WEEK)
  build(rig)
  expect(rig.plan()).toMatchObject({ steps: [], blocked: [], fresh: 10 })
})

test('planOf() follows a changed day downstream as far as the lookbacks reach', () => {
  const rig = new Rig(chain, WEEK)
  rig.states.arrive('ods', ...WEEK)
  build(rig)
  rig.states.arrive('ods', 20260106)
  expect(lines(rig.plan())).toEqual(['dwd 20260106..20260106 stale: ods changed', 'dws 20260106..20260108 stale: dwd changed'])
})

test('planOf() rebuilds all days of a task whose definition changed, and what reads it', () => {
  const rig = new Rig(chain, WEEK)
  rig.states.arrive('ods', ...WEEK)
  build(rig)
  const changed = new Rig([chain[0]!, chain[1]!, { ...chain[2]!, definition: 'dws v2' }], WEEK)
  expect(lines(changed.plan({ stateOf: rig.states.stateOf }))).toEqual(['dws 20260105..20260109 stale: definition changed'])
})

test('planOf() reaches back before the range for what the target reads, and no further', () => {
  const rig = new Rig(chain, WEEK)
  rig.states.arrive('ods', ...WEEK)
  expect(lines(rig.plan({ targets: ['dws'], from: 20260109 as TradeDate }))).toEqual(['dwd 20260107..20260109 missing', 'dws 20260109..20260109 missing'])
})

test('planOf() never plans beyond the cap, however far calendar and request go', () => {
  const rig = new Rig(chain, WEEK)
  rig.states.arrive('ods', ...WEEK)
  expect(lines(rig.plan({ cap: 20260106 as TradeDate, targets: ['dwd'] }))).toEqual(['dwd 20260105..20260106 missing'])
  expect(rig.plan({ cap: 20260102 as TradeDate }).steps).toEqual([])
})

test('planOf() forces the requested days of the targets only', () => {
  const rig = new Rig(chain, WEEK)
  rig.states.arrive('ods', ...WEEK)
  build(rig)
  const day = 20260107 as TradeDate
  expect(lines(rig.plan({ targets: ['dwd'], from: day, to: day, force: true }))).toEqual(['dwd 20260107..20260107 forced'])
})

test('planOf() cuts ranges at maxDays and where days may not share a step', () => {
  const rig = new Rig(chain, [20251230, 20251231, ...WEEK])
  rig.states.arrive('ods', 20251230, 20251231, ...WEEK)
  const sameYear = (_: string, a: TradeDate, b: TradeDate): boolean => Math.floor(a / 10_000) === Math.floor(b / 10_000)
  expect(lines(rig.plan({ targets: ['dwd'], maxDays: () => 3, mayShareStep: sameYear }))).toEqual([
    'dwd 20251230..20251231 missing',
    'dwd 20260105..20260107 missing',
    'dwd 20260108..20260109 missing',
  ])
})

test('planOf() links each step to exactly the steps it reads', () => {
  const rig = new Rig(chain, WEEK)
  rig.states.arrive('ods', ...WEEK)
  const { steps } = rig.plan({ maxDays: () => 1 })
  const after = steps.filter(({ task }) => task === 'dws').map(({ after }) => after.map(({ first, last }) => [first, last]))
  expect(after).toEqual([[[0, 0]], [[0, 1]], [[0, 2]], [[1, 3]], [[2, 4]]])
})

test('planOf() says which days wait for which input, and is silent about days before history', () => {
  const rig = new Rig(chain, WEEK)
  rig.states.arrive('ods', 20260106, 20260108)
  const { steps, blocked } = rig.plan()
  expect(steps.map(({ task, dates }) => [task, ...dates])).toEqual([
    ['dwd', 20260106],
    ['dwd', 20260108],
    ['dws', 20260106],
    ['dws', 20260108],
  ])
  expect(blocked).toEqual([
    { task: 'dwd', missing: 'ods', kind: 'gap', dates: [20260107] },
    { task: 'dwd', missing: 'ods', kind: 'not-yet', dates: [20260109] },
    { task: 'dws', missing: 'ods', kind: 'gap', dates: [20260107] },
    { task: 'dws', missing: 'ods', kind: 'not-yet', dates: [20260109] },
  ])
})

test('planOf() leaves days without sparse inputs out without a word, and builds without soft ones', () => {
  // ticks (a few days) --> micro;  margin (not there) ..> score
  const nodes = [
    given('ods'),
    given('ticks', { sparse: true }),
    given('margin'),
    task('micro', ['ticks']),
    task('score', ['ods', { name: 'margin', lookback: 0, strength: 'soft' }]),
  ]
  const rig = new Rig(nodes, WEEK)
  rig.states.arrive('ods', ...WEEK)
  rig.states.arrive('ticks', 20260107)
  expect(rig.plan().blocked).toEqual([])
  expect(lines(rig.plan())).toEqual(['micro 20260107..20260107 missing', 'score 20260105..20260109 missing'])
  build(rig)
  rig.states.arrive('margin', 20260109)
  expect(lines(rig.plan())).toEqual(['score 20260109..20260109 stale: margin changed'])
})

test('planOf() treats a task without days as one step that all days read', () => {
  // ods --> dim (whole) --> dwd
  const rig = new Rig([given('ods'), task('dim', [{ name: 'ods', lookback: 'all' }], { whole: true }), task('dwd', ['ods', 'dim'])], WEEK)
  expect(rig.plan().blocked.map(({ task, missing, kind }) => [task, missing, kind])).toContainEqual(['dim', 'ods', 'never'])
  rig.states.arrive('ods', ...WEEK)
  expect(rig.plan().steps.map(({ task, from, after }) => [task, from, after.length])).toEqual([
    ['dim', WHOLE, 0],
    ['dwd', 20260105, 1],
  ])
  build(rig)
  expect(rig.plan().steps).toEqual([])
  rig.states.arrive('ods', 20260109)
  expect(lines(rig.plan())).toEqual(['dim 0..0 stale: ods changed', 'dwd 20260105..20260109 stale: dim changed'])
})

test('planOf() refuses an unknown target with the nearest name', () => {
  const rig = new Rig(chain, WEEK)
  expect(() => rig.plan({ targets: ['dwt'] })).toThrow(UsageError)
  expect(() => rig.plan({ targets: ['dwt'] })).toThrow(/did you mean "dwd"/)
})

test('planOf() plans 20 tables over 4,000 days in well under a second', () => {
  const days = Array.from({ length: 4000 }, (_, i) => dateOfDayNumber(14_000 + i))
  const nodes = Array.from({ length: 20 }, (_, i): TaskNode =>
    i < 4
      ? given(`t${i}`)
      : task(
          `t${i}`,
          [1, 2, 3, 4].map((back) => ({ name: `t${i - back}`, lookback: back === 4 ? 'all' : back * 20 })),
        ),
  )
  const rig = new Rig(nodes, days)
  const states = new States()
  for (let i = 0; i < 4; i++) states.arrive(`t${i}`, ...days)
  const took = [0, 1, 2].map(() => {
    const since = performance.now()
    const plan = rig.plan({ stateOf: states.stateOf, maxDays: () => 250 })
    expect(plan.steps).toHaveLength(16 * 16)
    return performance.now() - since
  })
  expect(Math.min(...took)).toBeLessThan(900)
})
