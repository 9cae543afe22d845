import { minutesOf } from '#core/kline-interval.ts'
import { PROFILES } from '#core/market-profile.ts'
import { useTranslation } from 'react-i18next'
import { formatAmount, formatPrice, formatTurnover, type Language } from '../format.ts'
import type { ChartFrame } from '../state/chart-frame.ts'
import { eventKey } from '../state/bar-events.ts'
import { trendOf } from '../theme.ts'
import { ChangeText } from './change-text.tsx'
import { EventText } from './event-text.tsx'
import styles from './bar-table.module.css'

const SHOWN = 240

/** The chart as a table, newest bar first: for screen readers, and for reading exact figures. */
export function BarTable({ frame, tick }: { readonly frame: ChartFrame; readonly tick: number }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language as Language
  const price = (value: number | undefined) => formatPrice(value, tick)
  const rows = Array.from({ length: Math.min(SHOWN, frame.day.length) }, (_, i) => frame.day.length - 1 - i)
  const prices = ['open', 'high', 'low', 'close'] as const
  const bands = ['mid', 'upper', 'lower'] as const
  const flows = frame.hasFlow ? (['bigNet', 'bigNetOpen', 'bigNetMid', 'bigNetClose'] as const) : []
  const money = frame.market === 'cn' ? t('units.cny') : PROFILES[frame.market].currency
  const flowTitles = { bigNet: t('stock.bigNet'), bigNetOpen: t('stock.bigOpen'), bigNetMid: t('stock.bigMid'), bigNetClose: t('stock.bigClose') }
  return (
    <div
      className={styles['scroller']}
      tabIndex={0}
      role="region"
      aria-label={t('chart.tableCaption', { interval: t(`intervals.${frame.interval}`), count: rows.length })}
    >
      <table>
        <caption className="unseen">{t('chart.tableCaption', { interval: t(`intervals.${frame.interval}`), count: rows.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('stock.date')}</th>
            {prices.map((name) => (
              <th key={name} scope="col">
                {t(`stock.${name}`)} <small>{money}</small>
              </th>
            ))}
            <th scope="col">{t('stock.change')}</th>
            {bands.map((name) => (
              <th key={name} scope="col">
                {t('stock.boll')} {t(`stock.${name}`)}
              </th>
            ))}
            <th scope="col">
              {t('stock.volume')} {frame.market === 'crypto' ? undefined : <small>{t('units.shares')}</small>}
            </th>
            <th scope="col">
              {t('stock.amount')} <small>{money}</small>
            </th>
            <th scope="col">{t('stock.turnover')}</th>
            {flows.map((name) => (
              <th key={name} scope="col">
                {flowTitles[name]} <small>{t('units.cny')}</small>
              </th>
            ))}
            <th scope="col">{t('chart.event')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((i) => (
            <tr key={frame.day[i]}>
              <th scope="row" className="number">
                {frame.day[i]}
                {frame.isForming && i === frame.day.length - 1 ? <small> {t('chart.forming')}</small> : undefined}
              </th>
              {prices.map((name) => (
                <td key={name} className={`number ${name === 'close' ? trendOf(frame.change[i]) : ''}`}>
                  {price(frame[name][i])}
                </td>
              ))}
              <td className="number">
                <ChangeText value={frame.change[i]} />
              </td>
              {bands.map((name) => (
                <td key={name} className="number dim">
                  {price(frame[name][i])}
                </td>
              ))}
              <td className="number">{formatAmount(frame.volume[i], language)}</td>
              <td className="number">{formatAmount(frame.amount[i], language)}</td>
              <td className="number">{formatTurnover(frame.turnover[i], minutesOf(frame.interval) !== undefined)}</td>
              {flows.map((name) => (
                <td key={name} className={`number ${trendOf(frame[name][i])}`}>
                  {formatAmount(frame[name][i], language, 'signed')}
                </td>
              ))}
              <td className={styles['event']}>
                {frame.events.flatMap((event) => (event.index === i ? [<EventText key={eventKey(event)} event={event} />, ' '] : []))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
