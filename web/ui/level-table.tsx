import { dayNumber, formatDate, type TradeDate } from '#core/trade-date.ts'
import { useTranslation } from 'react-i18next'
import type { Reply } from '../api.ts'
import { fixed, formatChange, formatPrice, tickOf, UNKNOWN } from '../format.ts'
import { roleScore, type Level } from '../state/level-list.ts'
import { useWord } from '../use-word.ts'
import { StaleBanner } from './state-panel.tsx'
import { Block } from './stock-facts.tsx'
import styles from './level-table.module.css'

/** Calendar days after which a calculation is old: a week, and its holidays. */
const OLD_DAYS = 11

interface LevelTableProps {
  readonly reply: Reply<'GET /api/micro/levels'>
  /** The level brought forward. */
  readonly open: string | undefined
  readonly onToggle: (id: string) => void
  /** The newest levels there are were asked for. */
  readonly isLatest: boolean
}

/** 价位: the levels of the stock from the highest down, the close among them, each with what its tests say. */
export function LevelTable({ reply, open, onToggle, isLatest }: LevelTableProps) {
  const { t } = useTranslation()
  const { code, rows, close, calcDate, asof, lastCompleted } = reply
  const price = (value: number) => formatPrice(value, tickOf(code))
  // Levels are calculated at least on the last trading day of each week.
  const isOld = isLatest && asof !== null && dayNumber(lastCompleted as TradeDate) - dayNumber(asof as TradeDate) > OLD_DAYS
  const old = isOld ? <StaleBanner text={t('levels.stale', { date: formatDate(asof as TradeDate) })} /> : undefined
  if (rows.length === 0)
    return (
      <Block title={t('levels.title')}>
        {old}
        <p className="dim">{t('levels.none')}</p>
      </Block>
    )
  const above = close === null ? rows : rows.filter((level) => level.price > close)
  const below = rows.slice(above.length)
  const row = (level: Level) => <Row key={level.id} level={level} price={price(level.price)} isOpen={level.id === open} onToggle={onToggle} />
  return (
    <Block title={t('levels.title')} {...(calcDate === null ? {} : { note: formatDate(calcDate as TradeDate) })}>
      {old}
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('levels.price')}</th>
            <th scope="col">{t('levels.distance')}</th>
            <th scope="col">{t('levels.strength')}</th>
            <th scope="col" title={t('levels.swingsAbout')}>
              {t('levels.swings')}
            </th>
            <th scope="col" title={t('levels.heldAbout')}>
              {t('levels.held')}
            </th>
            <th scope="col" title={t('levels.scoreAbout')}>
              {t('levels.score')}
            </th>
            <th scope="col">{t('levels.pct')}</th>
            <th scope="col" title={t('levels.testsAbout')}>
              {t('levels.tests')}
            </th>
          </tr>
        </thead>
        <tbody>
          {above.map(row)}
          {close === null ? undefined : (
            <tr className={styles['close']}>
              <th scope="row" className="number">
                {price(close)}
              </th>
              <td colSpan={7}>{t('levels.close')}</td>
            </tr>
          )}
          {below.map(row)}
        </tbody>
      </table>
    </Block>
  )
}

function Row({
  level,
  price,
  isOpen,
  onToggle,
}: {
  readonly level: Level
  readonly price: string
  readonly isOpen: boolean
  readonly onToggle: (id: string) => void
}) {
  const { t } = useTranslation()
  const word = useWord()
  const { score, pct } = roleScore(level)
  return (
    <tr data-role={level.type} aria-selected={isOpen} onClick={() => onToggle(level.id)}>
      <th scope="row">
        <button
          type="button"
          className="number"
          aria-pressed={isOpen}
          onClick={(event) => {
            event.stopPropagation()
            onToggle(level.id)
          }}
          title={[
            word('roles', level.type),
            ...(level.flipDir === null ? [] : [word('flips', level.flipDir)]),
            ...(level.lastTouch === null ? [] : [t('levels.lastTouch', { date: formatDate(level.lastTouch as TradeDate) })]),
          ].join(' · ')}
        >
          <i aria-hidden>{word('roleMarks', level.type)}</i>
          <span className="unseen">{word('roles', level.type)}</span>
          {price}
        </button>
      </th>
      <td className="number dim">{formatChange(level.distance, 1)}</td>
      <td className={styles['strength']} title={fixed(level.strength, 3)}>
        <i aria-hidden>
          <b style={{ width: `${level.strength * 100}%` }} />
        </i>
        <span className="number">{fixed(level.strength, 2)}</span>
      </td>
      <td className="number dim">{level.swings}</td>
      <td className="number dim">
        {level.held}/{level.broken}
      </td>
      <td className="number">{fixed(score, 2)}</td>
      <td className="number">{pct === null ? UNKNOWN : `P${fixed(pct * 100, 0)}`}</td>
      <td className="number dim">{level.tests}</td>
    </tr>
  )
}
