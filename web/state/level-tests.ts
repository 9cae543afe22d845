import type { Reply } from '../api.ts'

/** A visit of the price to a level, as the server answers it. */
export type LevelTest = Reply<'GET /api/micro/level-tests'>['rows'][number]

/** 守住 left on the side it came from, 击穿 through the other, 未定 neither yet, or it came from where the level means nothing. */
export type TestOutcome = 'held' | 'broken' | 'undecided'

/** How a test ended for the role of its level. Support and flip are tested from above, resistance from below; an unknown approach counts as that. */
export function outcomeOf({ type, approach, exitSide }: Pick<LevelTest, 'type' | 'approach' | 'exitSide'>): TestOutcome {
  const own = type === 'resistance' ? 'below' : 'above'
  if (approach !== null && approach !== 'unknown' && approach !== own) return 'undecided'
  const left = exitSide === 'above' || exitSide === 'close_above' ? 'above' : exitSide === 'below' || exitSide === 'close_below' ? 'below' : undefined
  return left === undefined ? 'undecided' : left === own ? 'held' : 'broken'
}

/** One test of a stock in an address, a list, a mark. */
export function testKey({ date, levelId, test }: Pick<LevelTest, 'date' | 'levelId' | 'test'>): string {
  return `${date}.${levelId}.${test}`
}

/** The score the test got in the role of its level; null = not scored. */
export function testScore({
  type,
  supportScore,
  resistanceScore,
  flipScore,
}: Pick<LevelTest, 'type' | 'supportScore' | 'resistanceScore' | 'flipScore'>): number | null {
  return type === 'support' ? supportScore : type === 'resistance' ? resistanceScore : flipScore
}

/** A mark on a bar: the last scored test of a level on a day. */
export interface TestMark {
  /** Key of the test it opens. */
  readonly key: string
  /** `2026-01-05`. */
  readonly date: number
  readonly levelId: string
  readonly outcome: TestOutcome
  /** Resistance is tested from below: its marks stand above the bar, the others below. */
  readonly side: 'above' | 'below'
  /** 0 nearest to the bar; one level of a day per slot. */
  readonly slot: number
}

/** The marks of tests that come newest first: one per day and level, stacked by day and side in order of level id. Tests without a score have none. */
export function testMarks(tests: readonly LevelTest[]): readonly TestMark[] {
  const last = new Map<string, LevelTest>()
  for (const test of tests) {
    const place = `${test.date}.${test.levelId}`
    if (test.isScored && !last.has(place)) last.set(place, test)
  }
  const used = new Map<string, number>()
  return [...last.values()]
    .toSorted((a, b) => a.date - b.date || (a.levelId < b.levelId ? -1 : 1))
    .map((test) => {
      const side = test.type === 'resistance' ? 'above' : 'below'
      const slot = used.get(`${test.date}.${side}`) ?? 0
      used.set(`${test.date}.${side}`, slot + 1)
      return { key: testKey(test), date: test.date, levelId: test.levelId, outcome: outcomeOf(test), side, slot }
    })
}

/** The test a click on a mark means: that of the mark, and clicked again the one before it on the same day and level, round and round. */
export function clickedTest(tests: readonly LevelTest[], mark: string, current: string | undefined): string {
  const [date, levelId] = mark.split('.')
  const same = tests.filter((test) => test.isScored && String(test.date) === date && test.levelId === levelId).map(testKey)
  const at = current === undefined ? -1 : same.indexOf(current)
  return at === -1 ? mark : same[(at + 1) % same.length]!
}
