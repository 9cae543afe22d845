import { Link } from '@tanstack/react-router'
import { formatDate, type TradeDate } from '#core/trade-date.ts'
import { useTranslation } from 'react-i18next'
import type { StatusReply } from '../api.ts'
import { formatInstant, type Language } from '../format.ts'
import type { PageSearch } from '../state/page-search.ts'
import { labelIn } from '../text.ts'
import { useApi } from '../use-api.ts'
import { useWord } from '../use-word.ts'
import styles from './status-bar.module.css'

/** Where every number comes from and how fresh it is, at the foot of every page. */
export function StatusBar() {
  const { t, i18n } = useTranslation()
  const { data: status, error } = useApi('GET /api/status', {}, { every: 10_000 })
  // A table that was never built lacks a source here; only one that fell behind needs attention.
  const behind = status?.tables.filter(({ state }) => state === 'stale').length ?? 0
  return (
    <footer className={styles['bar']}>
      {error === null ? undefined : (
        <span className={styles['broken']} role="alert">
          {error.kind === 'unreachable' ? t('state.unreachable') : t('state.failed')}
        </span>
      )}
      {status === undefined ? undefined : (
        <>
          <Fact label={t('shell.source')}>{labelIn(i18n.language as Language, status.source)}</Fact>
          <Fact label={t('shell.lastCompleted')}>
            <span className="number">{formatDate(status.lastCompleted as TradeDate)}</span>
          </Fact>
          <Link to="/data" search={(before: PageSearch) => before} data-behind={behind > 0}>
            <i aria-hidden />
            {t('shell.tables')} {behind === 0 ? t('shell.tablesFresh') : t('shell.tablesBehind', { count: behind })}
          </Link>
          <Fact label={t('shell.lastRun')}>{status.run === null ? t('shell.noRun') : <RunText run={status.run} />}</Fact>
          <span className={styles['engine']}>
            {status.engine.flavour === 'embedded' ? t('shell.embedded') : t('shell.server')} {t('shell.engine')}{' '}
            <span className="number">{status.engine.version}</span>
          </span>
        </>
      )}
    </footer>
  )
}

function RunText({ run }: { readonly run: NonNullable<StatusReply['run']> }) {
  const word = useWord()
  const at = run.endedAt ?? run.startedAt
  return (
    <span title={run.run} data-run={run.state.toLowerCase()}>
      {word('runStates', run.state.toLowerCase())} <span className="number">{formatInstant(at)}</span>
    </span>
  )
}

function Fact({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <span>
      <span className="faint">{label}</span> {children}
    </span>
  )
}
