import { formatClock, timeOfDay } from '#core/shanghai-time.ts'
import type { EpochMs } from '#core/trade-date.ts'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Opportunity } from '../api.ts'
import { fixed, formatAge, formatPrice, formatSigned, tickOf, UNKNOWN, type Language } from '../format.ts'
import { useLiveList } from '../state/live-list.ts'
import { labelIn } from '../text.ts'
import { useWord } from '../use-word.ts'
import { ChangeText } from './change-text.tsx'
import { DirectionMark } from './direction-mark.tsx'
import styles from './opportunity-row.module.css'

interface OpportunityRowProps {
  readonly id: string
  /** "Now" of the session in epoch ms. */
  readonly now: number
  readonly isOpen: boolean
  readonly onToggle: (id: string) => void
  readonly onOpenStock: (code: string) => void
  /** What the first line names: the stock, or on the page of a stock what found it. */
  readonly subject?: 'stock' | 'detectors'
}

/** One opportunity, subscribed to itself: a delta of another row does not draw this one. */
export function OpportunityRow({ id, now, isOpen, onToggle, onOpenStock, subject = 'stock' }: OpportunityRowProps) {
  const row = useLiveList(({ list }) => list.byId.get(id))
  const { i18n } = useTranslation()
  if (row === undefined) return undefined
  const age = row.state === 'ended' ? row.updatedAt - row.discoveredAt : now - row.discoveredAt
  return <Drawn row={row} age={formatAge(age, i18n.language as Language)} isOpen={isOpen} onToggle={onToggle} onOpenStock={onOpenStock} subject={subject} />
}

interface DrawnProps extends Omit<OpportunityRowProps, 'id' | 'now'> {
  readonly row: Opportunity
  readonly age: string
}

const Drawn = memo(function Drawn({ row, age, isOpen, onToggle, onOpenStock, subject }: DrawnProps) {
  const { t, i18n } = useTranslation()
  const word = useWord()
  const tick = tickOf(row.code)
  const price = (value: number | null) => formatPrice(value, tick)
  const reason = labelIn(i18n.language as Language, row.reason)
  return (
    <article className={styles['item']} data-phase={row.state} data-open={isOpen}>
      <button
        type="button"
        className={styles['row']}
        aria-expanded={isOpen}
        title={reason}
        onClick={() => onToggle(row.id)}
        onDoubleClick={() => onOpenStock(row.code)}
      >
        <span className={styles['cell']}>
          <b className={styles['chip']}>{t(`states.${row.state}`)}</b>
          <span className="number faint" aria-label={t('opportunity.age')}>
            {age}
          </span>
        </span>
        <span className={styles['found']}>
          <span className={styles['name']}>
            {subject === 'stock' ? (
              <>
                {row.name} <span className="number faint">{row.code.slice(0, 6)}</span>
              </>
            ) : (
              row.detectors.map((name) => word('detectors', name)).join(' · ')
            )}
          </span>
          <DirectionMark direction={row.direction} />
          <span className={`number ${styles['confidence']}`}>{fixed(row.confidence, 2)}</span>
          <span className={styles['reason']}>{reason}</span>
        </span>
        <span className={styles['figures']}>
          <span className="number">{price(row.last)}</span>
          <ChangeText value={row.last === null ? null : row.last / row.ref - 1} />
        </span>
        <span className={styles['figures']}>
          <span className="number">
            {price(row.targetLow)}–{price(row.targetHigh)}
          </span>
          <span className="number dim">{price(row.stop)}</span>
        </span>
      </button>
      {isOpen ? <Evidence row={row} price={price} onOpenStock={onOpenStock} /> : undefined}
    </article>
  )
})

/** Why it was found, in words and numbers, and how it went since. */
function Evidence({
  row,
  price,
  onOpenStock,
}: {
  readonly row: Opportunity
  readonly price: (value: number | null) => string
  readonly onOpenStock: (code: string) => void
}) {
  const { t, i18n } = useTranslation()
  const word = useWord()
  const language = i18n.language as Language
  const facts = [
    [t('opportunity.foundAt'), formatClock(timeOfDay(row.discoveredAt as EpochMs))],
    [t('opportunity.updatedAt'), formatClock(timeOfDay(row.updatedAt as EpochMs))],
    [t('opportunity.ref'), price(row.ref)],
    [t('opportunity.invalidation'), price(row.invalidation)],
    [t('opportunity.mfe'), <ChangeText key="mfe" value={row.mfe} />],
    [t('opportunity.mae'), <ChangeText key="mae" value={row.mae} />],
  ] as const
  return (
    <div className={styles['evidence']}>
      <p>
        {labelIn(language, row.reason)}
        {row.endReason === undefined ? undefined : <b> · {word('endReasons', row.endReason)}</b>}
      </p>
      <dl>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('opportunity.evidence')}</th>
            <th scope="col">{t('opportunity.value')}</th>
            <th scope="col">{t('opportunity.baseline')}</th>
          </tr>
        </thead>
        <tbody>
          {row.evidence.map(({ field, value, baseline, text }) => (
            <tr key={field}>
              <th scope="row" title={field}>
                {labelIn(language, text)}
              </th>
              <td className="number">{readable(value)}</td>
              <td className="number dim">{baseline === undefined ? UNKNOWN : readable(baseline)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <footer>
        <span className="dim">
          {t('opportunity.detectors')}: {row.detectors.map((name) => word('detectors', name)).join(' · ')}
        </span>
        <button type="button" onClick={() => onOpenStock(row.code)}>
          {t('opportunity.openStock')}
        </button>
      </footer>
    </div>
  )
}

/** A feature's value without knowing its unit: enough digits to read, never more than six. */
function readable(value: number): string {
  const size = Math.abs(value)
  return size >= 1000
    ? Math.round(value).toLocaleString('en-US')
    : size >= 10
      ? fixed(value, 1)
      : size >= 0.1
        ? fixed(value, 2)
        : value === 0
          ? '0'
          : formatSigned(value, 4).replace('+', '')
}
