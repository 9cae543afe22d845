import { minutesOf } from '#core/kline-interval.ts'
import { PROFILES } from '#core/market-profile.ts'
import { useTranslation } from 'react-i18next'
import { INDICATOR_COLOURS, type PaneTops } from '../chart/stock-chart.ts'
import { fixed, formatAmount, formatPrice, formatSigned, formatTurnover, type Language } from '../format.ts'
import type { ChartFrame } from '../state/chart-frame.ts'
import { MA_PERIODS, type ChartLine } from '../state/moving-lines.ts'
import { trendOf } from '../theme.ts'
import { useWord } from '../use-word.ts'
import { eventKey } from '../state/bar-events.ts'
import { ChangeText } from './change-text.tsx'
import { EventText } from './event-text.tsx'
import styles from './chart-legend.module.css'

interface ChartLegendProps {
  readonly frame: ChartFrame
  /** The bar that is read: under the crosshair, else the newest. */
  readonly index: number
  readonly tops: PaneTops
  readonly tick: number
  readonly lines: readonly ChartLine[]
}

/** The numbers of one bar at the top left of each pane. */
export function ChartLegend({ frame, index, tops, tick, lines }: ChartLegendProps) {
  const { t, i18n } = useTranslation()
  const word = useWord()
  const language = i18n.language as Language
  const price = (value: number | undefined) => formatPrice(value, tick)
  const amount = (value: number | undefined) => formatAmount(value, language)
  const signed = (value: number | undefined) => <span className={`number ${trendOf(value)}`}>{formatAmount(value, language, 'signed')}</span>
  const trend = trendOf(frame.change[index])
  const bigNet = frame.bigNet[index]
  const { indicator } = frame
  const events = frame.events.filter((event) => event.index === index)
  const { currency } = PROFILES[frame.market]
  return (
    <>
      <div className={styles['legend']} style={{ top: tops.price }}>
        <b className="number">{frame.day[index]}</b>
        {(['open', 'high', 'low', 'close'] as const).map((name) => (
          <Entry key={name} name={t(`stock.${name}`)}>
            <span className={`number ${trend}`}>{price(frame[name][index])}</span>
          </Entry>
        ))}
        <span className={`number ${trend}`}>{formatSigned(risen(frame, index), tick < 0.01 ? 3 : 2)}</span>
        <ChangeText value={frame.change[index]} />
        {frame.isForming && index === frame.day.length - 1 ? <span className={styles['forming']}>{t('chart.forming')}</span> : undefined}
        {lines.includes('boll') ? (
          <span className={styles['group']}>
            <span className="faint">{t('stock.boll')}</span>
            {(['mid', 'upper', 'lower'] as const).map((name) => (
              <Entry key={name} name={t(`stock.${name}`)} mark={name === 'mid' ? 'mid' : 'band'}>
                <span className="number">{price(frame[name][index])}</span>
              </Entry>
            ))}
          </span>
        ) : undefined}
        {lines.length === 0 || (lines.length === 1 && lines[0] === 'boll') ? undefined : (
          <span className={styles['group']}>
            {MA_PERIODS.map((period, i) =>
              lines.includes(`ma${period}`) ? (
                <Entry key={period} name={`MA${period}`} mark={`ma${period}`}>
                  <span className="number">{price(frame.means[i]![index])}</span>
                </Entry>
              ) : undefined,
            )}
          </span>
        )}
        {events.length === 0 ? undefined : (
          <span className={`${styles['group']} ${styles['event']}`}>
            {events.map((event) => (
              <EventText key={eventKey(event)} event={event} />
            ))}
          </span>
        )}
      </div>
      <div className={styles['legend']} style={{ top: tops.volume }}>
        <Entry name={t('stock.volume')}>
          <span className="number">{amount(frame.volume[index])}</span> {frame.market === 'crypto' ? undefined : <small>{t('units.shares')}</small>}
        </Entry>
        <Entry name={t('stock.amount')}>
          <span className="number">{amount(frame.amount[index])}</span> <small>{frame.market === 'cn' ? t('units.cny') : currency}</small>
        </Entry>
        <Entry name={t('stock.turnover')}>
          <span className="number">{formatTurnover(frame.turnover[index], minutesOf(frame.interval) !== undefined)}</span>
        </Entry>
      </div>
      {tops.indicator === undefined || indicator === undefined ? undefined : (
        <div className={styles['legend']} style={{ top: tops.indicator }}>
          <span className="faint">{indicator.title}</span>
          {indicator.lines.map(({ name, values }, i) => (
            <Entry key={name} name={name} mark={INDICATOR_COLOURS[i]!}>
              <span className="number">{fixed(values[index], indicator.digits)}</span>
            </Entry>
          ))}
          {indicator.histogram === undefined ? undefined : (
            <Entry name={indicator.histogram.name}>
              <span className={`number ${trendOf(indicator.histogram.values[index])}`}>{fixed(indicator.histogram.values[index], indicator.digits)}</span>
            </Entry>
          )}
        </div>
      )}
      {tops.flow !== undefined && frame.hasFlow ? (
        <div className={styles['legend']} style={{ top: tops.flow }}>
          <Entry name={t('stock.bigNet')}>
            {bigNet === undefined ? (
              <span className="faint">{t('stock.noFlow')}</span>
            ) : (
              <>
                {signed(bigNet)} <small>{t('units.cny')}</small>
              </>
            )}
          </Entry>
          {bigNet === undefined ? undefined : (
            <>
              <Entry name={t('stock.bigOpen')} part={1}>
                {signed(frame.bigNetOpen[index])}
              </Entry>
              <Entry name={t('stock.bigMid')} part={0.62}>
                {signed(frame.bigNetMid[index])}
              </Entry>
              <Entry name={t('stock.bigClose')} part={0.34}>
                {signed(frame.bigNetClose[index])}
              </Entry>
              <Entry name={t('stock.dataQuality')}>{word('statuses', frame.flowQuality[index] ?? '')}</Entry>
            </>
          )}
        </div>
      ) : undefined}
    </>
  )
}

/** What the close rose by since the close before it, CNY on the scale of the bar; undefined on the first bar. */
function risen({ close, change }: ChartFrame, index: number): number | undefined {
  const fraction = change[index]
  return fraction === undefined ? undefined : close[index]! - close[index]! / (1 + fraction)
}

interface EntryProps {
  readonly name: string
  readonly mark?: 'mid' | 'band' | `ma${(typeof MA_PERIODS)[number]}`
  /** How deep this part of the day is drawn in its bar. */
  readonly part?: number
  readonly children: React.ReactNode
}

function Entry({ name, mark, part, children }: EntryProps) {
  return (
    <span className={styles['entry']}>
      {part === undefined ? undefined : <i aria-hidden className={styles['part']} style={{ opacity: part }} />}
      <span className={mark === undefined ? 'faint' : styles[mark]}>{name}</span> {children}
    </span>
  )
}
