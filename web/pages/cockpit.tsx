import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { commands } from '../commands.ts'
import { formatDate, type TradeDate } from '#core/trade-date.ts'
import { formatClock, timeOfDay } from '#core/shanghai-time.ts'
import type { EpochMs } from '#core/trade-date.ts'
import { useChangeSearch, useOpenStock, usePageSearch } from '../root-route.ts'
import { saveFile } from '../save-file.ts'
import { candidatesCsv } from '../ui/candidates-csv.ts'
import { readSort, writeSort, type Sort } from '../state/page-search.ts'
import { shownCandidates, type CandidateScope } from '../state/candidate-list.ts'
import { keepCursor } from '../state/table-cursor.ts'
import { useWalk } from '../state/walk.ts'
import { candidateColumnIds } from '../ui/candidate-columns.ts'
import { CandidateTable } from '../ui/candidate-table.tsx'
import { BoardSelect } from '../ui/board-select.tsx'
import { DateSelect } from '../ui/date-select.tsx'
import { Funnel } from '../ui/funnel.tsx'
import { OpportunityPanel } from '../ui/opportunity-panel.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Splitter } from '../ui/splitter.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { FailurePanel, StaleBanner, StatePanel } from '../ui/state-panel.tsx'
import { useApi } from '../use-api.ts'
import styles from './cockpit.module.css'

const byRank: Sort = { id: 'rank', desc: false }

/** When nothing was selected the nearest misses come first. */
const byMisses: Sort = { id: 'trail', desc: false }

/** 驾驶舱: tomorrow's candidates, and beside them what the session finds. */
export default function Cockpit() {
  return <Splitter name="side" usual={474} least={420} most={760} main={<Candidates />} side={<OpportunityPanel />} />
}

function Candidates() {
  const { t } = useTranslation()
  const { date, sort, open, board, only } = usePageSearch()
  const change = useChangeSearch()
  const openStock = useOpenStock()
  const walk = useWalk()
  const [cursor, setCursor] = useState(walk.at)
  const shownBefore = useRef<readonly string[]>([])
  const {
    data: reply,
    error,
    refetch,
    dataUpdatedAt,
  } = useApi(
    'GET /api/candidates',
    { ...(date === undefined ? {} : { date: String(date) }), limit: 2000 },
    { every: (now) => (now === undefined || now.rows.length === 0 ? 4_000 : 60_000) },
  )
  const { data: status } = useApi('GET /api/status', {}, { every: 10_000 })
  const isBuilding = status?.run?.state.toLowerCase() === 'running'
  const { data: dictionary } = useApi('GET /api/tables', {}, { fresh: 300_000 })

  const { rows, missed } = useMemo(
    () => shownCandidates(reply?.rows.filter((row) => board === undefined || row.board === board) ?? [], only ?? 'all'),
    [reply, board, only],
  )
  const usual = missed ? byMisses : byRank
  const { show } = walk
  const onShown = useCallback(
    (codes: readonly string[]) => {
      setCursor((at) => keepCursor(shownBefore.current, codes, at) ?? codes[0])
      shownBefore.current = codes
      show(codes)
    },
    [show],
  )
  const onToggle = useCallback((code: string) => change({ open: code === open ? undefined : code }), [change, open])
  useEffect(() => useWalk.setState({ at: cursor }), [cursor])

  return (
    <section className={styles['candidates']} aria-label={t('candidates.title')}>
      <header className={styles['head']}>
        <h1>{t('candidates.title')}</h1>
        {reply?.date == null ? undefined : (
          <>
            <DateSelect value={date} dates={reply.dates} shown={reply.date} onChange={(next) => change({ date: next })} />
            <span className={styles['valid']}>
              {reply.validFor === null ? t('candidates.validForNext') : t('candidates.validFor', { date: formatDate(reply.validFor as TradeDate) })}
            </span>
            <span className="number dim">
              {rows.length === reply.rows.length ? '' : `${rows.length} / `}
              {t('candidates.count', { count: reply.rows.length })}
            </span>
            <Segmented<CandidateScope>
              label={t('candidates.scope')}
              value={only ?? 'all'}
              options={[
                { value: 'selected', label: t('candidates.scopeSelected') },
                { value: 'all', label: t('candidates.scopeAll') },
              ]}
              onChange={(next) => change({ only: next === 'all' ? undefined : next })}
            />
            <BoardSelect value={board} rows={reply.rows} onChange={(next) => change({ board: next })} />
            <button
              type="button"
              className={styles['save']}
              title={t('candidates.save')}
              onClick={() => saveFile(`candidates-${reply.date}.csv`, candidatesCsv(rows))}
            >
              CSV
            </button>
          </>
        )}
      </header>
      {reply?.stale === true && reply.date !== null ? (
        <StaleBanner
          text={t('candidates.stale', { date: formatDate(reply.date as TradeDate), completed: formatDate(reply.lastCompleted as TradeDate) })}
          command={commands.runTo(reply.lastCompleted)}
        />
      ) : undefined}
      {reply !== undefined && error !== null ? (
        <StaleBanner text={t('candidates.offline', { time: formatClock(timeOfDay(dataUpdatedAt as EpochMs)) })} command={commands.serve} />
      ) : undefined}
      {reply === undefined || reply.rows.length === 0 ? undefined : <Funnel counts={reply.counts} />}
      {missed && reply !== undefined && reply.date !== null ? (
        <p className={styles['missed']} role="status">
          {t('candidates.missed', { date: formatDate(reply.date as TradeDate) })}
        </p>
      ) : undefined}
      {reply === undefined ? (
        error === null ? (
          <Skeleton rows={28} height={27} />
        ) : (
          <FailurePanel failure={error} retry={() => void refetch()} />
        )
      ) : reply.date === null ? (
        <StatePanel
          kind="empty"
          title={isBuilding ? t('candidates.buildingTitle') : t('candidates.emptyTitle')}
          detail={isBuilding ? t('candidates.building') : t('candidates.emptyNever')}
          command={isBuilding ? undefined : commands.demo}
        />
      ) : rows.length === 0 ? (
        <StatePanel
          kind="empty"
          title={t('candidates.emptyTitle')}
          detail={reply.rows.length > 0 ? t('candidates.noneOnBoard') : t('candidates.emptyDay', { date: formatDate(reply.date as TradeDate) })}
          command={reply.rows.length > 0 ? undefined : commands.status}
        />
      ) : (
        <CandidateTable
          rows={rows}
          sort={readSort(sort, candidateColumnIds, usual)}
          onSort={(next) => change({ sort: next.id === usual.id && !next.desc ? undefined : writeSort(next) })}
          cursor={cursor}
          onCursor={setCursor}
          open={open}
          onToggle={onToggle}
          onOpenStock={openStock}
          onShown={onShown}
          entry={dictionary?.rows.find(({ name }) => name === 'strategy_candidates')}
        />
      )}
    </section>
  )
}
