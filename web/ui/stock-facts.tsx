import { formatDate, type TradeDate } from '#core/trade-date.ts'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { StockReply } from '../api.ts'
import { fixed, formatAmount, formatShare, formatSigned, UNKNOWN, type Language } from '../format.ts'
import { trendOf } from '../theme.ts'
import { useWord } from '../use-word.ts'
import { ComponentTable } from './component-table.tsx'
import styles from './stock-facts.module.css'

/** Bits of `stock_bollinger_data.flags` (spec bollinger §1). */
const flagBits = [1, 2, 4, 8, 16, 32, 64, 128] as const

/** Beside the chart: why the stock has its score, and the order flow and band position of its newest day. */
export function StockFacts({ stock }: { readonly stock: StockReply }) {
  return (
    <>
      <Quality quality={stock.quality} />
      <Flow micro={stock.micro} />
      <Bollinger bollinger={stock.bollinger} />
    </>
  )
}

function Quality({ quality }: { readonly quality: StockReply['quality'] }) {
  const { t } = useTranslation()
  if (quality === null) {
    return (
      <Block title={t('quality.title')}>
        <p className="dim">{t('quality.noneDetail')}</p>
      </Block>
    )
  }
  return (
    <Block
      title={t('quality.title')}
      note={
        quality.windowStart === null
          ? formatDate(quality.windowEnd as TradeDate)
          : `${formatDate(quality.windowStart as TradeDate)} → ${formatDate(quality.windowEnd as TradeDate).slice(5)}`
      }
    >
      <div className={styles['headline']}>
        <span>
          <b className="number">{fixed(quality.score, 3)}</b> <small>{t('quality.score')}</small>
        </span>
        <span>
          <b className="number">{formatShare(quality.pct)}</b> <small>{t('quality.pct')}</small>
        </span>
        {quality.windowDays === null ? undefined : <small>{t('quality.windowDays', { count: quality.windowDays })}</small>}
      </div>
      <ComponentTable components={quality.components} status={quality.status} />
    </Block>
  )
}

function Flow({ micro }: { readonly micro: StockReply['micro'] }) {
  const { t, i18n } = useTranslation()
  const word = useWord()
  const language = i18n.language as Language
  const row = micro.date.length - 1
  if (row < 0) {
    return (
      <Block title={t('stock.flow')}>
        <p className="dim">{t('stock.noFlowEver')}</p>
      </Block>
    )
  }
  const signed = (value: number | null | undefined) => <span className={trendOf(value)}>{formatAmount(value, language, 'signed')}</span>
  return (
    <Block title={t('stock.flow')} note={formatDate(micro.date[row] as TradeDate)}>
      <Facts
        rows={[
          [t('stock.bigNet'), signed(micro.bigNet[row]), t('units.cny')],
          [t('stock.bigOpen'), signed(micro.bigNetOpen[row]), t('units.cny')],
          [t('stock.bigMid'), signed(micro.bigNetMid[row]), t('units.cny')],
          [t('stock.bigClose'), signed(micro.bigNetClose[row]), t('units.cny')],
          [t('stock.amount'), formatAmount(micro.totalValue[row], language), t('units.cny')],
          [t('stock.threshold'), formatAmount(micro.threshold[row], language), t('units.cny')],
          [
            t('stock.imbalance'),
            <span key="imbalance" className={trendOf(micro.orderFlowImbalance[row])}>
              {formatSigned(micro.orderFlowImbalance[row], 3)}
            </span>,
            '',
          ],
          [t('stock.density'), fixed(micro.bigDensity[row], 3), ''],
          [t('stock.sideCoverage'), formatShare(micro.sideCoverage[row]), ''],
          [t('stock.coverage'), formatShare(micro.coverage[row]), ''],
          [t('stock.dataQuality'), micro.quality[row] === undefined ? UNKNOWN : word('statuses', micro.quality[row]), ''],
          [t('stock.grain'), micro.grain[row] ?? UNKNOWN, ''],
        ]}
      />
    </Block>
  )
}

function Bollinger({ bollinger }: { readonly bollinger: StockReply['bollinger'] }) {
  const { t } = useTranslation()
  const word = useWord()
  const row = bollinger.date.length - 1
  if (row < 0) return undefined
  const flags = bollinger.flags[row] ?? 0
  return (
    <Block title={t('stock.bollinger')} note={formatDate(bollinger.date[row] as TradeDate)}>
      <Facts
        rows={[
          [t('stock.pricePosition'), fixed(bollinger.pricePosition[row], 1), ''],
          [t('stock.volumePosition'), fixed(bollinger.volumePosition[row], 1), ''],
          [t('stock.bandWidth'), formatShare(bollinger.bandWidth[row]), ''],
          [t('stock.bandWidthZ'), formatSigned(bollinger.bandWidthZ[row]), ''],
        ]}
      />
      {flags === 0 ? undefined : (
        <p className={styles['flags']}>{flagBits.flatMap((bit) => ((flags & bit) === 0 ? [] : [word('bandFlags', `f${bit}`)])).join(' · ')}</p>
      )}
    </Block>
  )
}

/** A titled part of the column beside the chart; the note stands at its right, usually a date. */
export function Block({ title, note, children }: { readonly title: string; readonly note?: string; readonly children: ReactNode }) {
  return (
    <section className={styles['block']} aria-label={title}>
      <header>
        <h2>{title}</h2>
        {note === undefined ? undefined : <span className="number faint">{note}</span>}
      </header>
      {children}
    </section>
  )
}

function Facts({ rows }: { readonly rows: readonly (readonly [string, ReactNode, string])[] }) {
  return (
    <dl className={styles['facts']}>
      {rows.map(([label, value, unit]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="number">{value}</dd>
          <dd className={styles['unit']}>{unit}</dd>
        </div>
      ))}
    </dl>
  )
}
