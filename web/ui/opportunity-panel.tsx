import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Opportunity } from '../api.ts'
import { commands } from '../commands.ts'
import { formatAge, formatCount, type Language } from '../format.ts'
import { useOpenStock } from '../root-route.ts'
import { useLiveList } from '../state/live-list.ts'
import { useApi } from '../use-api.ts'
import { useNow } from '../use-now.ts'
import { ConnectionDot } from './connection-dot.tsx'
import { OpportunityRow } from './opportunity-row.tsx'
import styles from './opportunity-panel.module.css'
import { Skeleton } from './skeleton.tsx'
import { FailurePanel, StaleBanner, StatePanel } from './state-panel.tsx'

const stateNames = ['discovered', 'confirmed', 'tracking', 'ended'] as const
const ROW_PX = 43
/** A break shorter than this mends itself before anyone needs to know. */
const STALE_MS = 3_000

/** 实时机会: the list the socket keeps, filtered by state. Rows stay where they are while their prices move. */
export function OpportunityPanel() {
  const { t, i18n } = useTranslation()
  const language = i18n.language as Language
  const openStock = useOpenStock()
  const { list, connection, lostAt } = useLiveList()
  const offline = connection !== 'open'
  const { data: reply, error, refetch } = useApi('GET /api/opportunities', {}, offline ? { every: 4_000 } : {})
  const { data: status } = useApi('GET /api/status', {}, { every: 10_000 })
  const [hidden, setHidden] = useState<ReadonlySet<Opportunity['state']>>(new Set())
  const [open, setOpen] = useState<string>()
  const wallNow = useNow()

  const read = useLiveList((state) => state.read)
  useEffect(() => {
    if (reply !== undefined) read(reply.epoch, reply.seq, reply.rows)
  }, [reply, read])

  const session = status?.live ?? reply
  // "Now" of a replayed or simulated session is its newest event, not the clock on the wall.
  const now = session?.kind === 'live' ? wallNow : Math.max(list.eventAt ?? 0, session?.lastEventAt ?? 0)
  const counts = useMemo(() => countStates(list.byId), [list.byId])
  const shown = useMemo(() => list.ids.filter((id) => !hidden.has(list.byId.get(id)!.state)), [list.ids, list.byId, hidden])
  const known = list.epoch !== undefined

  return (
    <section className={styles['panel']} aria-label={t('live.title')}>
      <header className={styles['head']}>
        <h2>{t('live.title')}</h2>
        {session === undefined ? undefined : (
          <span className="dim">
            {t(`live.${session.kind}`)} · {t(`live.${session.session}`)}
          </span>
        )}
        {status === undefined || status.live.ticks === 0 ? undefined : (
          <span className={`number faint ${styles['ticks']}`}>{t('live.ticks', { count: formatCount(status.live.ticks) as never })}</span>
        )}
        <ConnectionDot />
      </header>
      <div className={styles['filters']} role="group" aria-label={t('columns.status')}>
        {stateNames.map((state) => (
          <button
            key={state}
            type="button"
            aria-pressed={!hidden.has(state)}
            data-phase={state}
            onClick={() => setHidden((before) => (before.has(state) ? new Set([...before].filter((one) => one !== state)) : new Set([...before, state])))}
          >
            {t(`states.${state}`)} <span className="number">{counts[state]}</span>
          </button>
        ))}
      </div>
      {offline && known && lostAt !== undefined && wallNow - lostAt > STALE_MS ? (
        <StaleBanner text={t('live.lost', { age: formatAge(wallNow - lostAt, language) })} />
      ) : undefined}
      {!known ? (
        error !== null && offline ? (
          <FailurePanel failure={error} retry={() => void refetch()} />
        ) : (
          <Skeleton rows={14} height={ROW_PX} />
        )
      ) : list.ids.length === 0 ? (
        <EmptySession session={session?.session ?? 'idle'} />
      ) : shown.length === 0 ? (
        <p className={styles['none']} role="status">
          {t('live.none')}
        </p>
      ) : (
        <OpportunityRows ids={shown} open={open} onToggle={(id) => setOpen((before) => (before === id ? undefined : id))} onOpenStock={openStock} now={now} />
      )}
    </section>
  )
}

function OpportunityRows({
  ids,
  open,
  onToggle,
  onOpenStock,
  now,
}: {
  readonly ids: readonly string[]
  readonly open: string | undefined
  readonly onToggle: (id: string) => void
  readonly onOpenStock: (code: string) => void
  readonly now: number
}) {
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  // oxlint-disable-next-line react/incompatible-library -- its functions change identity with the scroll; nothing here is memoised on them.
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => ids[index]!,
    overscan: 8,
  })
  return (
    <>
      <div className={styles['titles']} aria-hidden>
        <span>{t('columns.status')}</span>
        <span className={styles['found']}>
          {t('columns.name')}
          <span>{t('opportunity.confidence')}</span>
        </span>
        <span>
          {t('opportunity.last')} <small>{t('units.cny')}</small>
        </span>
        <span>
          {t('opportunity.target')} / {t('opportunity.stop')} <small>{t('units.cny')}</small>
        </span>
      </div>
      <div ref={scroller} className={styles['scroller']}>
        <ul style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => (
            <li key={key} data-index={index} ref={virtual.measureElement} style={{ transform: `translateY(${start}px)` }}>
              <OpportunityRow id={ids[index]!} now={now} isOpen={ids[index] === open} onToggle={onToggle} onOpenStock={onOpenStock} />
            </li>
          ))}
        </ul>
      </div>
    </>
  )
}

function EmptySession({ session }: { readonly session: 'idle' | 'running' | 'ended' }) {
  const { t } = useTranslation()
  const detail = { running: t('live.emptyRunning'), idle: t('live.emptyIdle'), ended: t('live.emptyEnded') }[session]
  return <StatePanel kind="empty" title={t('live.emptyTitle')} detail={detail} command={session === 'running' ? undefined : commands.replay} />
}

function countStates(byId: ReadonlyMap<string, Opportunity>): Readonly<Record<Opportunity['state'], number>> {
  const counts = { discovered: 0, confirmed: 0, tracking: 0, ended: 0 }
  for (const { state } of byId.values()) counts[state]++
  return counts
}
