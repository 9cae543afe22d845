import { eachCombination } from '#numeric/combinations.ts'

/** The time a label looks at: from its own period `from` to the period `to` when it is known, both included. Ordered by `from`. */
export interface LabelSpans {
  readonly from: Int32Array
  readonly to: Int32Array
}

/** Positions of samples; ascending, disjoint. What is in neither was purged or embargoed. */
export interface PurgedFold {
  readonly train: Int32Array
  readonly test: Int32Array
  /** Which of the consecutive groups are the test. */
  readonly testGroups: readonly number[]
}

/**
 * Purged, embargoed K-fold (López de Prado 2018): K consecutive groups, each the test once. A train sample whose span overlaps the test span is
 * purged; one that begins within `embargo` periods after the test span is left out too. Throws RangeError on fewer than two groups, fewer
 * samples than groups, or spans that end before they begin or are out of order.
 */
export function purgedFolds(spans: LabelSpans, groups: number, embargo: number): PurgedFold[] {
  return combinatorialFolds(spans, groups, 1, embargo)
}

/** Combinatorial purged cross-validation: every choice of `testGroups` of `groups` is the test once; 6 and 2 give 15 splits and 5 paths. */
export function combinatorialFolds(spans: LabelSpans, groups: number, testGroups: number, embargo: number): PurgedFold[] {
  check(spans, groups, testGroups)
  const count = spans.from.length
  const edges = Array.from({ length: groups + 1 }, (_, group) => Math.floor((group * count) / groups))
  const folds: PurgedFold[] = []
  eachCombination(groups, testGroups, (chosen) => {
    const test: number[] = []
    const train: number[] = []
    // Each chosen group forbids its own stretch of time: neighbours that are both test merge by themselves.
    const stretches = Array.from(chosen, (group) => {
      let end = -Infinity
      for (let i = edges[group]!; i < edges[group + 1]!; i++) end = Math.max(end, spans.to[i]!)
      return { group, begin: spans.from[edges[group]!]!, end }
    })
    for (let group = 0; group < groups; group++) {
      for (let i = edges[group]!; i < edges[group + 1]!; i++) {
        if (chosen.includes(group)) test.push(i)
        else if (stretches.every(({ begin, end }) => spans.to[i]! < begin || spans.from[i]! > end + embargo)) train.push(i)
      }
    }
    folds.push({ train: Int32Array.from(train), test: Int32Array.from(test), testGroups: [...chosen] })
  })
  return folds
}

/**
 * The back-test paths hidden in combinatorial folds: `paths[p][g]` is the number of the fold that predicts group g on path p. Every group is
 * tested `testGroups/groups · folds` times, and path p takes the p-th of them.
 */
export function backtestPaths(folds: readonly PurgedFold[], groups: number): number[][] {
  const testedBy = Array.from({ length: groups }, (_, group) => [...folds.keys()].filter((fold) => folds[fold]!.testGroups.includes(group)))
  return Array.from({ length: testedBy[0]?.length ?? 0 }, (_, path) => testedBy.map((tests) => tests[path]!))
}

function check({ from, to }: LabelSpans, groups: number, testGroups: number): void {
  if (from.length !== to.length) throw new RangeError(`Cannot fold: every label has a begin and an end, found ${from.length} and ${to.length}`)
  if (!(groups >= 2 && testGroups >= 1 && testGroups < groups && from.length >= groups))
    throw new RangeError(`Cannot fold: 1 ≤ test groups < groups ≤ samples is needed, found ${testGroups}, ${groups} and ${from.length}`)
  for (let i = 0; i < from.length; i++)
    if (to[i]! < from[i]! || (i > 0 && from[i]! < from[i - 1]!))
      throw new RangeError(`Cannot fold: spans must be ordered and end after they begin, found ${from[i]} to ${to[i]} at ${i}`)
}
