import { formatDate, type TradeDate } from '#core/trade-date.ts'
import { useTranslation } from 'react-i18next'
import type { Candidate } from '../api.ts'
import { fixed, formatAmount, formatShare, UNKNOWN, type Language } from '../format.ts'
import { useWord } from '../use-word.ts'
import { ChangeText } from './change-text.tsx'
import { ComponentTable } from './component-table.tsx'
import styles from './candidate-evidence.module.css'

/** What stands behind a candidate's score: the window, the money, the seven components. */
export function CandidateEvidence({ row, onOpenStock }: { readonly row: Candidate; readonly onOpenStock: (code: string) => void }) {
  const { t, i18n } = useTranslation()
  const word = useWord()
  const facts = [
    [
      t('quality.window'),
      row.windowStart === null ? UNKNOWN : `${formatDate(row.windowStart as TradeDate)} →`,
      row.windowDays === null ? '' : t('quality.windowDays', { count: row.windowDays }),
    ],
    [t('metrics.price_return'), <ChangeText key="change" value={row.priceReturn} />, ''],
    [t('columns.bigNetSum'), formatAmount(row.bigNetSum, i18n.language as Language, 'signed'), t('units.cny')],
    [t('columns.fundQualityScore'), fixed(row.fundQualityScore, 3), ''],
    [t('columns.fundQualityPct'), formatShare(row.fundQualityPct), ''],
    [t('columns.activityScore'), fixed(row.activityScore, 2), row.poolRank === null ? '' : `${t('columns.poolRank')} ${row.poolRank}`],
    [t('columns.status'), word('statuses', row.status), ''],
  ] as const
  return (
    <section className={styles['evidence']} aria-label={t('candidates.evidence')}>
      <div>
        <dl>
          {facts.map(([label, value, note]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd className="number">{value}</dd>
              <dd className="faint">{note}</dd>
            </div>
          ))}
        </dl>
        <button type="button" className={styles['go']} onClick={() => onOpenStock(row.code)}>
          {t('opportunity.openStock')} <kbd>Enter</kbd>
        </button>
      </div>
      <ComponentTable components={row.components} status={row.status} />
    </section>
  )
}
