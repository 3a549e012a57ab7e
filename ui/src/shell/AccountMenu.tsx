// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Group, Menu, Modal, Stack, Text, TextInput, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconBuildingCommunity, IconKeyboard, IconLogout, IconMoon, IconSun, IconUserCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useSession } from './SessionGate';

export function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme() === 'dark';
  const label = dark ? 'Light colours' : 'Dark colours';
  return (
    <Tooltip label={label}>
      <ActionIcon onClick={() => setColorScheme(dark ? 'light' : 'dark')} aria-label={label} size="lg">
        {dark ? <IconSun size={18} /> : <IconMoon size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}

const RECENT = 'skopos-tenants';

function recentTenants(): string[] {
  try {
    return JSON.parse(localStorage.getItem(RECENT) ?? '[]') as string[];
  } catch {
    return [];
  }
}

const KEYS: [string, string][] = [
  ['Ctrl K or /', 'search pages, metrics, label values, recent queries'],
  ['R', 'refresh'],
  ['Shift ← →', 'move through time'],
  ['−', 'widen the time'],
  ['Alt 1 … 8', 'go to a page'],
  ['Ctrl B', 'narrow the navigation'],
  ['← →', 'move the cursor of a focused chart'],
  ['Ctrl Enter', 'run the query in the editor'],
];

/** Tenant, colours, keys, and signing out. */
export function AccountMenu() {
  const { session, signOut } = useSession();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme() === 'dark';
  const [parameters, setParameters] = useSearchParams();
  const [dialog, setDialog] = useState<'tenant' | 'keys' | null>(null);
  const tenant = parameters.get('tenant') ?? '';
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <Button variant="subtle" color="gray" px={8} leftSection={<IconUserCircle size={18} />} aria-label="Tenant and settings">
            <Text size="sm" truncate maw={110} visibleFrom="md">
              {tenant || session?.name || 'anonymous'}
            </Text>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {session && <Menu.Label>Signed in as {session.name}</Menu.Label>}
          <Menu.Item leftSection={<IconBuildingCommunity size={16} />} onClick={() => setDialog('tenant')}>
            Tenant: {tenant || (session?.tenants.find((one) => one !== '*') ?? 'anonymous')}
          </Menu.Item>
          <Menu.Item leftSection={dark ? <IconSun size={16} /> : <IconMoon size={16} />} onClick={() => setColorScheme(dark ? 'light' : 'dark')}>
            {dark ? 'Light colours' : 'Dark colours'}
          </Menu.Item>
          <Menu.Item onClick={() => setColorScheme('auto')} leftSection={<span style={{ width: 16, display: 'inline-block' }} />}>
            Colours of the system
          </Menu.Item>
          <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={() => setDialog('keys')}>
            Keys
          </Menu.Item>
          {session && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
                Sign out
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={dialog === 'keys'} onClose={() => setDialog(null)} title="Keys" centered>
        <table style={{ fontSize: 13.5, borderSpacing: '0 6px' }}>
          <tbody>
            {KEYS.map(([key, what]) => (
              <tr key={key}>
                <td style={{ paddingRight: 18, whiteSpace: 'nowrap', fontWeight: 600 }}>{key}</td>
                <td>{what}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Modal>
      {dialog === 'tenant' && (
        <TenantForm
          tenant={tenant}
          known={[...new Set([...(session?.tenants.filter((one) => one !== '*') ?? []), ...recentTenants()])]}
          onClose={() => setDialog(null)}
          onChoose={(next) => {
            if (next) localStorage.setItem(RECENT, JSON.stringify([...new Set([next, ...recentTenants()])].slice(0, 8)));
            setParameters((before) => {
              const after = new URLSearchParams(before);
              if (next) after.set('tenant', next);
              else after.delete('tenant');
              return after;
            });
            setDialog(null);
          }}
        />
      )}
    </>
  );
}

function TenantForm(props: { tenant: string; known: string[]; onChoose: (tenant: string) => void; onClose: () => void }) {
  const [value, setValue] = useState(props.tenant);
  return (
    <Modal opened onClose={props.onClose} title="Whose data" centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          props.onChoose(value.trim());
        }}
      >
        <Stack>
          <TextInput
            size="sm"
            label="Tenant"
            description="Every request names it; empty for the default one."
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
            data-autofocus
          />
          {props.known.length > 0 && (
            <Group gap={6}>
              {props.known.map((one) => (
                <Button key={one} variant="default" onClick={() => props.onChoose(one)}>
                  {one}
                </Button>
              ))}
            </Group>
          )}
          <Group justify="flex-end">
            <Button type="submit" size="sm">
              Show
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
