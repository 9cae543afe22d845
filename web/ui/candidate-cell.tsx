import { useTranslation } from 'react-i18next'
import type { Candidate } from '../api.ts'
import { fixed, formatAmount, formatPrice, tickOf, type Language } from '../format.ts'
import { trendOf } from '../theme.ts'
import { useWord } from '../use-word.ts'
import { ChangeText } from './change-text.tsx'
import { TrailMarks } from './filter-trail.tsx'
import styles from './candidate-table.module.css'

/** One cell of the candidate table, by column. */
export function CandidateCell({ column, row }: { readonly column: string; readonly row: Candidate }) {
  const { i18n } = useTranslation()
  switch (column) {
    case 'rank':
      return <span className="number faint">{row.rank}</span>
    case 'name':
      return (
        <span className={styles['name']}>
          {row.name} <span className="number faint">{row.code.slice(0, 6)}</span>
        </span>
      )
    case 'trail':
      return <TrailMarks row={row} />
    case 'close':
      return <span className={`number ${trendOf(row.pct)}`}>{formatPrice(row.close, tickOf(row.code))}</span>
    case 'pct':
      return <ChangeText value={row.pct} />
    case 'fundQualityScore':
      return <Score value={row.fundQualityScore} status={row.status} />
    case 'supportPrice':
    case 'targetPrice':
    case 'stopPrice':
      return <span className={row.selected ? 'number' : 'number dim'}>{formatPrice(row[column], tickOf(row.code))}</span>
    case 'room':
      return <span className={row.selected ? 'number' : 'number dim'}>{fixed(row.room, 1)}</span>
    case 'supportScore':
      return (
        <span className="number">
          {fixed(row.supportScore, 2)} <small className={styles['pct']}>{row.supportPct === null ? '' : `P${fixed(row.supportPct * 100, 0)}`}</small>
        </span>
      )
    case 'resistanceScore':
      return <span className="number">{fixed(row.resistanceScore, 2)}</span>
    case 'rankScore':
      return <span className="number">{fixed(row.rankScore, 3)}</span>
    case 'bigNetSum':
      return <span className={`number ${trendOf(row.bigNetSum)}`}>{formatAmount(row.bigNetSum, i18n.language as Language, 'signed')}</span>
    default:
      return undefined
  }
}

/** 资金质量 0..1 with a bar of its length; without a score, why there is none. */
function Score({ value, status }: { readonly value: number | null; readonly status: string }) {
  const word = useWord()
  if (value === null) return <span className={styles['status']}>{word('statuses', status)}</span>
  return (
    <span className={styles['score']}>
      <i aria-hidden>
        <b style={{ width: `${Math.min(1, Math.max(0, value)) * 100}%` }} />
      </i>
      <span className="number">{fixed(value, 3)}</span>
    </span>
  )
}
