import { formatClock, timeOfDay } from '#core/shanghai-time.ts'
import { formatDate, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiFailure } from '../api.ts'
import { fixed, formatAmount, formatPrice, formatShare, formatSigned, tickOf, UNKNOWN, type Language } from '../format.ts'
import { useKeyActions } from '../keys.ts'
import { outcomeOf, testKey, testScore, type LevelTest } from '../state/level-tests.ts'
import { moveCursor } from '../state/table-cursor.ts'
import { trendOf } from '../theme.ts'
import { useWord } from '../use-word.ts'
import { ChangeText } from './change-text.tsx'
import { Segmented } from './segmented.tsx'
import { Skeleton } from './skeleton.tsx'
import { FailurePanel } from './state-panel.tsx'
import { TickTape } from './tick-tape.tsx'
import styles from './level-tests.module.css'

interface LevelTestsProps {
  readonly code: string
  /** Newest first; undefined = not arrived. */
  readonly tests: readonly LevelTest[] | undefined
  readonly error: ApiFailure | null
  readonly retry: () => void
  /** Key of the test in detail. */
  readonly open: string | undefined
  readonly onOpen: (test: LevelTest | undefined) => void
  /** Whether the list is of one level only. */
  readonly ofLevel: boolean
}

const PAGE_ROWS = 8

/** Keys of the list while it has the focus; `closest` finds it, so that the chart leaves them alone. */
const OWN_KEYS = { 'data-keys': 'own' } as const

/** 价位测试: the visits to the levels as a list, and one of them in detail. Space brings the keyboard here; arrows step through the tests. */
export function LevelTests({ code, tests, error, retry, open, onOpen, ofLevel }: LevelTestsProps) {
  const { t } = useTranslation()
  const list = useRef<HTMLDivElement>(null)
  const [view, setView] = useState<DetailView>('summary')
  const keys = tests?.map(testKey) ?? []
  const shown = tests?.find((test) => testKey(test) === open)
  const step = (by: number) => {
    const next = moveCursor(keys, open, by)
    onOpen(tests?.find((test) => testKey(test) === next))
  }
  useEffect(() => {
    // A block: in newer browsers scrolling answers with a promise, which an effect must not return.
    if (open !== undefined) document.getElementById(`test-${open}`)?.scrollIntoView({ block: 'nearest' })
  }, [open])
  useKeyActions((action) => {
    const isHere = list.current?.contains(document.activeElement) === true
    if (action.type === 'toggle' && !isHere && keys.length > 0) {
      list.current?.focus()
      if (open === undefined) step(1)
    } else if (!isHere) return false
    else if (action.type === 'move' || action.type === 'pan') step(action.by)
    else if (action.type === 'page') step(action.by * PAGE_ROWS)
    else if (action.type === 'edge') step(action.to === 'first' ? -keys.length : keys.length)
    else if (action.type === 'close' || action.type === 'toggle') {
      list.current?.blur()
      if (action.type === 'close') onOpen(undefined)
    } else return false
    return true
  })
  return (
    <section className={styles['dock']} aria-label={t('tests.title')} data-small={tests?.length === 0 && !ofLevel}>
      <div className={styles['list']}>
        <header>
          <h2>{t('tests.title')}</h2>
          <span className="faint">
            {tests === undefined ? '' : ofLevel ? t('tests.countOfLevel', { count: tests.length }) : t('tests.count', { count: tests.length })}
          </span>
          <kbd>Space</kbd>
        </header>
        {tests === undefined ? (
          error === null ? (
            <Skeleton rows={5} height={21} />
          ) : (
            <FailurePanel failure={error} retry={retry} />
          )
        ) : tests.length === 0 ? (
          <p className={styles['none']} data-state="empty">
            {t('tests.none')}
          </p>
        ) : (
          <div
            ref={list}
            className={styles['rows']}
            role="listbox"
            tabIndex={0}
            aria-label={t('tests.title')}
            aria-activedescendant={open === undefined ? undefined : `test-${open}`}
            {...OWN_KEYS}
          >
            {tests.map((test) => (
              <TestRow key={testKey(test)} code={code} test={test} isOpen={testKey(test) === open} onOpen={onOpen} />
            ))}
          </div>
        )}
      </div>
      {shown === undefined ? (
        <p className={styles['hint']}>{tests === undefined || tests.length === 0 ? '' : t('tests.hint')}</p>
      ) : (
        <TestDetail code={code} test={shown} view={view} onView={setView} />
      )}
    </section>
  )
}

interface TestRowProps {
  readonly code: string
  readonly test: LevelTest
  readonly isOpen: boolean
  readonly onOpen: (test: LevelTest) => void
}

function TestRow({ code, test, isOpen, onOpen }: TestRowProps) {
  const { t } = useTranslation()
  const word = useWord()
  const outcome = outcomeOf(test)
  return (
    <div
      id={`test-${testKey(test)}`}
      className={styles['row']}
      role="option"
      aria-selected={isOpen}
      data-scored={test.isScored}
      data-role={test.type}
      onClick={() => onOpen(test)}
      title={test.isScored ? undefined : t('tests.unscored')}
    >
      <span className="number">{formatDate(test.date as TradeDate).slice(5)}</span>
      <span className="number dim">{clock(test.enteredAt)?.slice(0, 5)}</span>
      <span className={`number ${styles['price']}`}>{formatPrice(test.price, tickOf(code))}</span>
      <span data-outcome={outcome}>
        <i aria-hidden>{outcomeMarks[outcome]}</i> {word('outcomes', outcome)}
      </span>
      <span className="number">{fixed(testScore(test), 2)}</span>
      {test.nextDay === null ? <span className="faint">{UNKNOWN}</span> : <ChangeText value={test.nextDayReturn} />}
    </div>
  )
}

const outcomeMarks = { held: '▲', broken: '▼', undecided: '●' } as const

type DetailView = 'summary' | 'tape'

interface TestDetailProps {
  readonly code: string
  readonly test: LevelTest
  readonly view: DetailView
  readonly onView: (view: DetailView) => void
}

/** One test: the flow in the band, the way of the price, the scores, and what came of it. */
function TestDetail({ code, test, view, onView }: TestDetailProps) {
  const { t, i18n } = useTranslation()
  const word = useWord()
  const language = i18n.language as Language
  const outcome = outcomeOf(test)
  const amount = (value: number | null) => formatAmount(value, language)
  const signed = (value: number | null) => <span className={trendOf(value)}>{formatAmount(value, language, 'signed')}</span>
  const side = (name: string) => word('sides', name)
  return (
    <div className={styles['detail']} role="region" aria-label={t('tests.detail')}>
      <header data-role={test.type}>
        <span data-outcome={outcome}>
          <i aria-hidden>{outcomeMarks[outcome]}</i> {word('outcomes', outcome)}
        </span>
        <b className="number">{formatPrice(test.price, tickOf(code))}</b>
        <span>{word('roles', test.type)}</span>
        <span className="number">{formatDate(test.date as TradeDate)}</span>
        <span className="number">
          {clock(test.enteredAt)} → {clock(test.leftAt) ?? UNKNOWN}
        </span>
        {test.isScored ? undefined : <span className={styles['unscored']}>{t('tests.unscored')}</span>}
        <Segmented<DetailView>
          label={t('tape.view')}
          value={view}
          options={[
            { value: 'summary', label: t('tape.summary') },
            { value: 'tape', label: t('tape.show') },
          ]}
          onChange={onView}
        />
      </header>
      {view === 'tape' ? (
        <TickTape code={code} test={test} />
      ) : (
        <div className={styles['facts']}>
          <Facts
            title={t('tests.flow')}
            rows={[
              [t('tests.value'), amount(test.value)],
              [t('tests.bigNet'), signed(test.bigNet)],
              [t('tests.bigNetRatio'), <ChangeText key="ratio" value={test.bigNetRatio} />],
              [
                t('tests.imbalance'),
                <span key="imbalance" className={trendOf(test.orderFlowImbalance)}>
                  {formatSigned(test.orderFlowImbalance, 3)}
                </span>,
              ],
              [t('tests.perMinute'), amount(test.valuePerMinute)],
              [t('tests.absorbed'), amount(test.absorbedValue)],
            ]}
          />
          <Facts
            title={t('tests.path')}
            rows={[
              [t('tests.way'), `${side(test.approach ?? 'unknown')} → ${side(test.exitSide)}`],
              [t('tests.penetration'), formatShare(test.penetration, 2)],
              [t('tests.aboveBelow'), `${formatShare(test.timeAbove, 0)} / ${formatShare(test.timeBelow, 0)}`],
              [t('tests.dwell'), test.dwell === null ? UNKNOWN : formatClock(test.dwell * 1000)],
              [t('tests.prints'), test.resumed === 0 ? String(test.prints) : t('tests.resumed', { prints: test.prints, count: test.resumed })],
              [t('tests.confirmed'), clock(test.confirmedAt) ?? UNKNOWN],
            ]}
          />
          <Facts
            title={t('tests.scores')}
            rows={[
              [word('roleScores', test.type), <b key="score">{fixed(testScore(test), 3)}</b>],
              [t('tests.exante'), fixed(test.scoreExante, 3)],
              [t('tests.weight'), fixed(test.scoreQuality, 2)],
              [t('tests.exitPrice'), formatPrice(test.exitPrice, tickOf(code))],
              [t('tests.after30'), <ChangeText key="after" value={test.return30m} />],
              [
                t('tests.nextDay'),
                test.nextDay === null ? (
                  <span key="next" className="faint">
                    {t('tests.notYet')}
                  </span>
                ) : (
                  <ChangeText key="next" value={test.nextDayReturn} />
                ),
              ],
            ]}
          />
        </div>
      )}
    </div>
  )
}

function Facts({ title, rows }: { readonly title: string; readonly rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl aria-label={title}>
      <div className={styles['title']}>{title}</div>
      {rows.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="number">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function clock(at: number | null): string | undefined {
  return at === null ? undefined : formatClock(timeOfDay(at as EpochMs))
}
