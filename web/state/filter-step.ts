import type { Candidate } from '../api.ts'
import { fixed, formatShare, UNKNOWN } from '../format.ts'

/** One filter of a candidate's trail, as the server answers it. */
export type FilterStep = Candidate['trail'][number]

/** `passed`, `failed`, or `open`: passed because there was nothing to judge by. */
export type StepVerdict = 'passed' | 'failed' | 'open'

/** 未测试 and 上方无阻力 let a stock through without a measurement; that is not the same as having measured well. */
export function verdictOf({ pass, value }: FilterStep): StepVerdict {
  return !pass ? 'failed' : value === null ? 'open' : 'passed'
}

/** What was found, as text of the filter's own unit: a place, a percentile, a score, a multiple. */
export function stepValue({ filter, value }: FilterStep): string {
  if (value === null || filter === 'F1' || filter === 'F6') return UNKNOWN
  return filter === 'F2' ? `#${value}` : filter === 'F3' ? formatShare(value, 0) : fixed(value, 2)
}

/** What was asked for, with its direction: `≤ #28`, `≥ 70%`. A flip overhead is asked for a high score, a resistance for a low one. */
export function stepThreshold({ filter, threshold, note }: FilterStep): string {
  switch (filter) {
    case 'F2':
      return `≤ #${threshold}`
    case 'F3':
      return `≥ ${formatShare(threshold, 0)}`
    case 'F4':
      return `${note === 'flipped' ? '≥' : '≤'} ${fixed(threshold, 2)}`
    case 'F5':
      return `≥ ${fixed(threshold, 2)}`
    default:
      return UNKNOWN
  }
}

/** The name of the sentence that explains the step in the catalogue's `reasons`: by filter, by note, and by answer where the words differ. */
export function reasonKey({ filter, pass, note, value }: FilterStep): string {
  if (note !== null) return `${filter}_${note}`
  if (value === null) return `${filter}_unknown`
  return pass ? filter : `${filter}_no`
}
