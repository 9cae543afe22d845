import { formatDate, type TradeDate } from '#core/trade-date.ts'
import { useTranslation } from 'react-i18next'
import type { Candidate } from '../api.ts'
import { fixed, formatPrice, formatShare, tickOf } from '../format.ts'
import { useWord } from '../use-word.ts'
import { Block } from './stock-facts.tsx'
import { TrailTable } from './filter-trail.tsx'
import styles from './stock-choice.module.css'

/** 次日候选 of one stock: the plan when it was selected, and why it was or was not; a stock outside the active pool was not asked. */
export function StockChoice({ row, date }: { readonly row: Candidate | undefined; readonly date: number }) {
  const { t } = useTranslation()
  const word = useWord()
  if (row === undefined)
    return (
      <Block title={t('candidates.title')} note={formatDate(date as TradeDate)}>
        <p className="dim">{t('choice.absent')}</p>
      </Block>
    )
  const price = (value: number | null) => formatPrice(value, tickOf(row.code))
  return (
    <Block title={t('candidates.title')} note={formatDate(date as TradeDate)}>
      <div className={styles['verdict']}>
        <span data-selected={row.selected}>
          {row.selected ? t('choice.selected', { rank: row.rank }) : t('choice.refused', { filter: word('filters', row.firstFailed ?? '') })}
        </span>
        {row.rankScore === null ? undefined : (
          <span className="dim">
            {t('columns.rankScore')} <span className="number">{fixed(row.rankScore, 3)}</span>
          </span>
        )}
      </div>
      {row.supportPrice === null ? undefined : (
        <dl className={styles['plan']}>
          <div>
            <dt>{t('columns.supportPrice')}</dt>
            <dd className="number">{price(row.supportPrice)}</dd>
          </div>
          <div>
            <dt>{t('columns.targetPrice')}</dt>
            <dd className="number">{price(row.targetPrice)}</dd>
          </div>
          <div>
            <dt>{t('columns.stopPrice')}</dt>
            <dd className="number">{price(row.stopPrice)}</dd>
          </div>
          <div>
            <dt>{t('columns.room')}</dt>
            <dd className="number">{fixed(row.room, 1)}</dd>
          </div>
          <div>
            <dt>{t('columns.distance')}</dt>
            <dd className="number">{formatShare(row.distance)}</dd>
          </div>
        </dl>
      )}
      <TrailTable row={row} />
    </Block>
  )
}
