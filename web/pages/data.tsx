import { formatDate, type EpochMs, type TradeDate } from '#core/trade-date.ts'
import { formatClock, timeOfDay } from '#core/shanghai-time.ts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StatusReply, TableEntry } from '../api.ts'
import { commands } from '../commands.ts'
import { formatAge, formatCount, formatInstant, UNKNOWN, type Language } from '../format.ts'
import { useKeyActions } from '../keys.ts'
import { moveCursor } from '../state/table-cursor.ts'
import { labelIn } from '../text.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { FailurePanel, StaleBanner, StatePanel } from '../ui/state-panel.tsx'
import { TableDictionary } from '../ui/table-dictionary.tsx'
import { useApi } from '../use-api.ts'
import { useNow } from '../use-now.ts'
import styles from './data.module.css'

type TableState = StatusReply['tables'][number]

/** 数据状态: how far each table of the warehouse is complete, and what its columns mean. */
export default function DataStatus() {
  const { t } = useTranslation()
  const { data: status, error, refetch } = useApi('GET /api/status', {}, { every: 10_000 })
  const { data: dictionary } = useApi('GET /api/tables', {}, { fresh: 300_000 })
  const [cursor, setCursor] = useState<string>()
  const [open, setOpen] = useState<string>()
  const toggle = (name: string) => setOpen((before) => (before === name ? undefined : name))
  const names = status?.tables.map(({ name }) => name) ?? []

  useKeyActions((action) => {
    if (action.type === 'move' || action.type === 'step') setCursor(moveCursor(names, cursor, action.by))
    else if (action.type === 'page') setCursor(moveCursor(names, cursor, action.by * 10))
    else if ((action.type === 'open' || action.type === 'toggle') && cursor !== undefined) toggle(cursor)
    else if (action.type === 'close' && open !== undefined) setOpen(undefined)
    else return false
    return true
  })

  if (status === undefined) return error === null ? <Skeleton rows={28} height={27} /> : <FailurePanel failure={error} retry={() => void refetch()} />
  const count = (state: TableState['state']) => status.tables.filter((table) => table.state === state).length
  return (
    <div className={styles['page']}>
      <header className={styles['head']}>
        <h1>{t('tables.title')}</h1>
        <span className="dim">{t('tables.summary', { fresh: count('fresh'), stale: count('stale'), empty: count('empty') })}</span>
        <span className="dim">
          {t('shell.lastCompleted')} <span className="number">{formatDate(status.lastCompleted as TradeDate)}</span>
        </span>
      </header>
      {error === null ? undefined : (
        <StaleBanner text={t('candidates.offline', { time: formatClock(timeOfDay(status.now as EpochMs)) })} command={commands.serve} />
      )}
      {count('stale') === 0 ? undefined : (
        <StaleBanner text={`${t('shell.tables')} ${t('shell.tablesBehind', { count: count('stale') })}`} command={commands.runTo(status.lastCompleted)} />
      )}
      {status.run === null || status.run.failedTasks.length === 0 ? undefined : (
        <StaleBanner text={t('tables.runFailed', { tasks: status.run.failedTasks.join(', ') })} command={commands.run} />
      )}
      {status.tables.length === 0 ? (
        <StatePanel kind="empty" title={t('tables.emptyTitle')} detail={t('tables.emptyDetail')} command={commands.demo} />
      ) : (
        <div className={styles['scroller']}>
          <table aria-label={t('tables.caption')}>
            <thead>
              <tr>
                <th scope="col">{t('tables.layer')}</th>
                <th scope="col">{t('tables.name')}</th>
                <th scope="col">{t('tables.label')}</th>
                <th scope="col">{t('tables.state')}</th>
                <th scope="col">{t('tables.waterMark')}</th>
                <th scope="col">{t('tables.rows')}</th>
                <th scope="col">{t('tables.lastBuilt')}</th>
              </tr>
            </thead>
            {status.tables.map((table) => (
              <TableRow
                key={table.name}
                table={table}
                entry={dictionary?.rows.find(({ name }) => name === table.name)}
                isCursor={table.name === cursor}
                isOpen={table.name === open}
                onClick={() => {
                  setCursor(table.name)
                  toggle(table.name)
                }}
              />
            ))}
          </table>
        </div>
      )}
    </div>
  )
}

interface TableRowProps {
  readonly table: TableState
  readonly entry: TableEntry | undefined
  readonly isCursor: boolean
  readonly isOpen: boolean
  readonly onClick: () => void
}

function TableRow({ table, entry, isCursor, isOpen, onClick }: TableRowProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language as Language
  const now = useNow()
  return (
    <tbody>
      <tr
        className={styles['row']}
        aria-selected={isCursor}
        aria-expanded={isOpen}
        onClick={onClick}
        ref={(row) => void (isCursor && row?.scrollIntoView({ block: 'nearest' }))}
      >
        <td className="dim">{table.layer.toUpperCase()}</td>
        <td className="number">{table.name}</td>
        <td>{labelIn(language, table.label)}</td>
        <td>
          <span className={styles['state']} data-freshness={table.state}>
            <i aria-hidden />
            {t(`tables.${table.state}`)}
          </span>
        </td>
        <td className="number">{table.waterMark === null ? UNKNOWN : formatDate(table.waterMark as TradeDate)}</td>
        <td className="number">{formatCount(table.rows)}</td>
        <td className="number dim" title={table.lastBuiltAt === null ? undefined : formatInstant(table.lastBuiltAt)}>
          {table.lastBuiltAt === null ? UNKNOWN : t('tables.ago', { age: formatAge(now - table.lastBuiltAt, language) })}
        </td>
      </tr>
      {isOpen && entry !== undefined ? (
        <tr>
          <td colSpan={7} className={styles['dictionary']}>
            <TableDictionary entry={entry} />
          </td>
        </tr>
      ) : undefined}
    </tbody>
  )
}
