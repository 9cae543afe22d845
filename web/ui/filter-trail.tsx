import { useTranslation } from 'react-i18next'
import type { Candidate } from '../api.ts'
import { fixed, formatPrice, formatShare, tickOf } from '../format.ts'
import { reasonKey, stepThreshold, stepValue, verdictOf, type FilterStep } from '../state/filter-step.ts'
import { useWord } from '../use-word.ts'
import styles from './filter-trail.module.css'

/** A filled dot and a ring are drawn by the style sheet: fonts differ on them. */
const marks = { passed: '', failed: '×', open: '' } as const

/** Six small marks, one per filter: passed, failed, or let through for want of data. Shape says it as well as colour; the tooltip says why. */
export function TrailMarks({ row }: { readonly row: Candidate }) {
  const { t } = useTranslation()
  const word = useWord()
  const reason = useReason(row)
  return (
    <span
      className={styles['marks']}
      role="img"
      aria-label={row.trail
        .map((step) => t('candidates.trailMark', { filter: word('filters', step.filter), verdict: word('verdicts', verdictOf(step)) }))
        .join('; ')}
    >
      {row.trail.map((step) => (
        <i
          key={step.filter}
          data-verdict={verdictOf(step)}
          data-first={step.filter === row.firstFailed}
          title={`${word('filters', step.filter)} · ${word('verdicts', verdictOf(step))}\n${reason(step)}`}
        >
          {marks[verdictOf(step)]}
        </i>
      ))}
    </span>
  )
}

/** 筛选过程: the six filters one under the other, what was found, what was asked for, and the reason in words. */
export function TrailTable({ row }: { readonly row: Candidate }) {
  const { t } = useTranslation()
  const word = useWord()
  const reason = useReason(row)
  return (
    <table className={styles['table']} aria-label={t('candidates.trail')}>
      <thead className="unseen">
        <tr>
          <th scope="col">{t('candidates.trail')}</th>
          <th scope="col">{t('candidates.found')}</th>
          <th scope="col">{t('candidates.asked')}</th>
          <th scope="col">{t('candidates.reason')}</th>
        </tr>
      </thead>
      <tbody>
        {row.trail.map((step) => (
          <tr key={step.filter} data-verdict={verdictOf(step)}>
            <th scope="row">
              <i aria-hidden>{marks[verdictOf(step)]}</i>
              <span className="unseen">{word('verdicts', verdictOf(step))}</span>
              {word('filters', step.filter)}
            </th>
            <td className="number">{stepValue(step)}</td>
            <td className="number faint">{stepThreshold(step)}</td>
            <td>{reason(step)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** A step in words, with the prices and scores of its candidate. */
function useReason(row: Candidate): (step: FilterStep) => string {
  const { t, i18n } = useTranslation()
  const word = useWord()
  const price = (value: number | null) => formatPrice(value, tickOf(row.code))
  return (step) => {
    const key = `reasons.${reasonKey(step)}`
    if (!i18n.exists(key)) return step.note ?? ''
    return t(key as 'reasons.F4', {
      value: stepValue(step).replace('#', ''),
      threshold: stepThreshold(step).replace(/[≤≥#\s]/g, ''),
      rank: row.poolRank ?? '',
      status: word('statuses', row.status),
      support: price(row.supportPrice),
      resistance: price(row.resistancePrice),
      target: price(row.targetPrice),
      distance: formatShare(row.distance),
      strength: fixed(row.supportStrength, 2),
    })
  }
}
