import { formatDate, type TradeDate } from '#core/trade-date.ts'
import { useTranslation } from 'react-i18next'
import type { Candidate } from '../api.ts'
import { fixed, formatAmount, formatShare, UNKNOWN, type Language } from '../format.ts'
import { useWord } from '../use-word.ts'
import { ChangeText } from './change-text.tsx'
import { ComponentTable } from './component-table.tsx'
import { TrailTable } from './filter-trail.tsx'
import styles from './candidate-evidence.module.css'

/** Why a stock is where it is in the list: the six filters in words, the seven components of its fund quality, the facts of its window. */
export function CandidateEvidence({ row, onOpenStock }: { readonly row: Candidate; readonly onOpenStock: (code: string) => void }) {
  const { t, i18n } = useTranslation()
  const word = useWord()
  const facts = [
    [t('candidates.board'), word('boards', row.board)],
    [
      t('quality.window'),
      row.windowStart === null
        ? UNKNOWN
        : `${formatDate(row.windowStart as TradeDate)} → ${row.windowDays === null ? '' : t('quality.windowDays', { count: row.windowDays })}`,
    ],
    [t('metrics.price_return'), <ChangeText key="change" value={row.priceReturn} />],
    [t('columns.bigNetSum'), formatAmount(row.bigNetSum, i18n.language as Language, 'signed')],
    [t('columns.fundQualityScore'), `${fixed(row.fundQualityScore, 3)} · ${formatShare(row.fundQualityPct)}`],
    [t('columns.distance'), <ChangeText key="distance" value={row.distance} />],
    [t('columns.activityScore'), `${fixed(row.activityScore, 2)}${row.poolRank === null ? '' : ` · #${row.poolRank}`}`],
    [t('columns.status'), word('statuses', row.status)],
  ] as const
  return (
    <section className={styles['evidence']} aria-label={t('candidates.evidence')}>
      <div className={styles['trail']}>
        <TrailTable row={row} />
        <button type="button" className={styles['go']} onClick={() => onOpenStock(row.code)}>
          {t('opportunity.openStock')} <kbd>Enter</kbd>
        </button>
      </div>
      <ComponentTable components={row.components} status={row.status} />
      <dl>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
