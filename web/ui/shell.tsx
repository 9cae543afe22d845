import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dispatchKey } from '../keys.ts'
import { pages } from '../pages/index.ts'
import type { PageSearch } from '../state/page-search.ts'
import { pressKey, type KeyAction, type Pending } from '../state/key-sequence.ts'
import { Palette, useSymbolsAhead } from './palette.tsx'
import { SettingsBar } from './settings-bar.tsx'
import { ShortcutHelp } from './shortcut-help.tsx'
import { StatusBar } from './status-bar.tsx'
import { SimulatedBadge } from './simulated-badge.tsx'
import styles from './shell.module.css'

const shortcuts = pages.flatMap(({ shortcut }) => (shortcut === undefined ? [] : [shortcut]))

/** What surrounds every page: menu, search, switches, the status line, and the keyboard. */
export function Shell() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const [palette, setPalette] = useState<{ readonly text: string }>()
  const [help, setHelp] = useState(false)
  useSymbolsAhead()

  useKeyboard((action) => {
    // Keys typed before the palette has the focus belong to its text.
    if (action.type === 'palette') setPalette((before) => ({ text: (before?.text ?? '') + action.text }))
    else if (action.type === 'help') setHelp(true)
    else if (action.type === 'go')
      void navigate({ to: pages.find(({ shortcut }) => shortcut === action.shortcut)!.path, search: (before: PageSearch) => before })
    else return dispatchKey(action)
    return true
  })

  useEffect(() => {
    const page = pages.find((one) => one.path === path) ?? pages[1]
    document.title = `${t(`pages.${page.label}`)} · ${t('brand')}`
  }, [path, t])

  return (
    <div className={styles['shell']}>
      <a href="#content" className={styles['skip']}>
        {t('shell.skip')}
      </a>
      <header className={styles['top']}>
        <Link to="/" search={(before: PageSearch) => before} className={styles['brand']}>
          复盘<small>Fupan</small>
        </Link>
        <nav>
          {pages.map(({ path: to, label, shortcut }) =>
            shortcut === undefined ? undefined : (
              <Link key={to} to={to} search={(before: PageSearch) => before} activeProps={{ 'aria-current': 'page' }} title={`g ${shortcut}`}>
                {t(`pages.${label}`)}
              </Link>
            ),
          )}
        </nav>
        <button type="button" className={styles['search']} onClick={() => setPalette({ text: '' })} aria-keyshortcuts="/ Control+K">
          <span>{t('shell.search')}</span>
          <span className={styles['hint']}>{t('shell.searchHint')}</span>
          <kbd>/</kbd>
        </button>
        <SimulatedBadge />
        <SettingsBar onHelp={() => setHelp(true)} />
      </header>
      <main id="content" className={styles['main']} tabIndex={-1}>
        <Outlet />
      </main>
      <StatusBar />
      {palette === undefined ? undefined : (
        <Palette text={palette.text} onText={(text) => setPalette({ text })} onClose={() => setPalette(undefined)} onHelp={() => setHelp(true)} />
      )}
      {help ? <ShortcutHelp onClose={() => setHelp(false)} /> : undefined}
    </div>
  )
}

/** Key presses anywhere on the page become actions; what an action took is not typed or scrolled with. */
function useKeyboard(act: (action: KeyAction) => boolean): void {
  const latest = useEffectEvent(act)
  useEffect(() => {
    let pending: Pending | undefined
    const pressed = (event: KeyboardEvent) => {
      if (event.isComposing || event.defaultPrevented) return
      const target = event.target instanceof Element ? event.target : undefined
      const outcome = pressKey(
        pending,
        {
          key: event.key,
          at: event.timeStamp,
          ctrl: event.ctrlKey || event.metaKey,
          alt: event.altKey,
          typing: target?.closest('input, textarea, select, [contenteditable], dialog') != null,
          onControl: target?.closest('button, a, summary') != null,
        },
        shortcuts,
      )
      pending = outcome.pending
      if (outcome.action !== undefined && latest(outcome.action)) event.preventDefault()
    }
    // A button clicked with the mouse gives the keyboard back: Enter then opens the row, not the button once more.
    const clicked = ({ detail }: MouseEvent) => {
      if (detail > 0 && document.activeElement instanceof HTMLButtonElement) document.activeElement.blur()
    }
    document.addEventListener('keydown', pressed)
    document.addEventListener('click', clicked)
    return () => {
      document.removeEventListener('keydown', pressed)
      document.removeEventListener('click', clicked)
    }
  }, [])
}
