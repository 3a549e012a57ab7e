// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { AppShell, Burger, Loader, Tooltip, UnstyledButton, ActionIcon, Center } from '@mantine/core';
import { useDisclosure, useHotkeys, useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { IconLayoutSidebar, IconSearch } from '@tabler/icons-react';
import { Suspense, useEffect } from 'react';
import { NavLink, Outlet, useLocation, useNavigate } from 'react-router';
import { useApi } from '../api/queries';
import type { BuildInfo } from '../api/types';
import { useTime } from '../url/TimeContext';
import { useLink } from '../url/useLink';
import { Logo } from './Logo';
import { openPalette, Palette } from './Palette';
import { PAGES, SECTIONS } from './pages';
import { AccountMenu, SchemeSwitch } from './AccountMenu';
import { TimePicker } from './TimePicker';
import classes from './shell.module.css';

/** Navigation, the time range, and whatever page is open. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure();
  const [narrow, setNarrow] = useLocalStorage({ key: 'skopos-narrow-navigation', defaultValue: false });
  const phone = useMediaQuery('(max-width: 48em)') ?? false;
  const small = narrow && !phone;
  const link = useLink();
  const location = useLocation();
  const navigate = useNavigate();
  const time = useTime();
  const build = useApi<BuildInfo>('/api/v1/status/buildinfo', {}, true, false);

  useEffect(close, [location.pathname, close]);
  // Also from within an input.
  useHotkeys([['mod+K', openPalette]], []);
  useHotkeys([
    ['/', openPalette],
    ['mod+B', () => setNarrow((before) => !before)],
    ['r', time.refresh],
    ['shift+ArrowLeft', () => time.shift(-0.5)],
    ['shift+ArrowRight', () => time.shift(0.5)],
    ['-', time.widen],
    ...PAGES.map((page, index) => [`alt+${index + 1}`, () => void navigate(link(page.path))] as [string, () => void]),
  ]);

  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: small ? 58 : 208, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={0}
    >
      <a href="#main" className="sk-skip">
        Skip to the content
      </a>
      <AppShell.Header>
        <div className={classes.header}>
          <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" />
          <NavLink to={link('/')} aria-label="Skopos, home" style={{ textDecoration: 'none' }}>
            <Logo small={phone} />
          </NavLink>
          <div className={classes.space} style={{ display: 'flex', justifyContent: phone ? 'flex-end' : 'center' }}>
            {phone ? (
              <ActionIcon onClick={openPalette} aria-label="Search" size="lg">
                <IconSearch size={18} />
              </ActionIcon>
            ) : (
              <UnstyledButton className={classes.search} onClick={openPalette} aria-label="Search pages, metrics, labels, queries">
                <IconSearch size={15} />
                Search
                <kbd>Ctrl K</kbd>
              </UnstyledButton>
            )}
          </div>
          <TimePicker compact={phone} />
          {!phone && <SchemeSwitch />}
          <AccountMenu />
        </div>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} aria-label="Pages">
        {SECTIONS.map((section) => (
          <div key={section.title} role="group" aria-label={section.title}>
            {!small && <div className={classes.sectionTitle}>{section.title}</div>}
            {section.pages.map(({ path, title, icon: Icon }) => (
              <Tooltip key={path} label={title} position="right" disabled={!small}>
                <NavLink to={link(path)} end className={classes.link} aria-label={title}>
                  <Icon size={18} stroke={1.8} />
                  {!small && title}
                </NavLink>
              </Tooltip>
            ))}
          </div>
        ))}
        <div className={classes.foot}>
          {!phone && (
            <ActionIcon onClick={() => setNarrow(!narrow)} aria-label={narrow ? 'Widen the navigation' : 'Narrow the navigation'} size="sm" mb={4} ml={-2}>
              <IconLayoutSidebar size={16} />
            </ActionIcon>
          )}
          {!small && <div>{build.data?.data.applicationVersion ?? ''}</div>}
        </div>
      </AppShell.Navbar>
      <AppShell.Main className={classes.main} id="main">
        <div className={classes.page}>
          <Suspense
            fallback={
              <Center mih={240}>
                <Loader aria-label="Loading" />
              </Center>
            }
          >
            <Outlet />
          </Suspense>
        </div>
      </AppShell.Main>
      <Palette />
    </AppShell>
  );
}
