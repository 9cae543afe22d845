/** The pages in the order of the menu. `shortcut` follows `g`; `label` is a text of `pages.`; a page with a parameter has no place in the menu. */
export const pages = [
  { path: '/', label: 'cockpit', shortcut: 'c', load: () => import('./cockpit.tsx') },
  { path: '/stock/$code', label: 'stock', shortcut: undefined, load: () => import('./stock.tsx') },
  { path: '/data', label: 'data', shortcut: 'd', load: () => import('./data.tsx') },
] as const
