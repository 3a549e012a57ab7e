// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Button, Center, Loader, Paper, PasswordInput, SegmentedControl, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { api, ApiError, setUnauthorizedListener } from '../api/client';
import { ErrorNote } from '../parts/ErrorNote';
import { Logo } from './Logo';

/** Who is signed in; null where access control is off. */
export interface Session {
  name: string;
  /** What may be named; `*` is any. */
  tenants: string[];
  rights: string[];
}

interface SessionState {
  session: Session | null;
  signOut: () => Promise<void>;
}

const Context = createContext<SessionState>({ session: null, signOut: async () => {} });

export function useSession(): SessionState {
  return useContext(Context);
}

const PATH = '/api/v1/session';

interface SessionAnswer {
  access: boolean;
  signedIn: boolean;
  name?: string;
  tenants?: string[];
  rights?: string[];
}

async function fetchSession(signal: AbortSignal): Promise<Session | null | 'signed-out'> {
  try {
    const { data } = await api<SessionAnswer>(PATH, {}, { signal });
    if (!data.access) return null;
    if (!data.signedIn && !data.name) return 'signed-out';
    return { name: data.name ?? '', tenants: data.tenants ?? [], rights: data.rights ?? [] };
  } catch (e) {
    // A server without sessions has no access control either, or takes its credentials from a proxy.
    if (e instanceof ApiError && e.status === 404) return null;
    if (e instanceof ApiError && e.status === 401) return 'signed-out';
    throw e;
  }
}

/** Asks for credentials when the server wants them, and shows the pages otherwise. */
export function SessionGate({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const result = useQuery({ queryKey: ['session'], queryFn: ({ signal }) => fetchSession(signal), staleTime: Infinity });

  useEffect(() => {
    setUnauthorizedListener(() => client.setQueryData(['session'], 'signed-out'));
    return () => setUnauthorizedListener(() => {});
  }, [client]);

  if (result.isPending) {
    return (
      <Center h="100vh">
        <Loader aria-label="Loading" />
      </Center>
    );
  }
  if (result.isError) {
    return (
      <Center h="100vh" p="md">
        <ErrorNote error={result.error} onRetry={() => void result.refetch()} />
      </Center>
    );
  }
  if (result.data === 'signed-out') return <SignIn onDone={() => void result.refetch()} />;
  const signOut = async () => {
    await api(PATH, {}, { method: 'DELETE' }).catch(() => {});
    // Nothing that was seen stays in memory.
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
    client.setQueryData(['session'], 'signed-out');
  };
  return <Context.Provider value={{ session: result.data, signOut }}>{children}</Context.Provider>;
}

function SignIn({ onDone }: { onDone: () => void }) {
  const [way, setWay] = useState<'password' | 'token'>('password');
  const [token, setToken] = useState('');
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = 'Sign in · Skopos';
  }, []);

  const submit = async () => {
    setBusy(true);
    setError(null);
    try {
      await api(PATH, {}, { method: 'POST', json: way === 'token' ? { token } : { user, password } });
      onDone();
    } catch (e) {
      setError(e as Error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Center mih="100vh" p="md">
      <Paper p="xl" w={380} withBorder component="main">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <Stack>
            <Logo />
            <div>
              <Title order={1}>Sign in</Title>
              <Text size="sm" className="sk-dim">
                This server asks who you are.
              </Text>
            </div>
            <SegmentedControl
              aria-label="How"
              data={[
                { value: 'password', label: 'Password' },
                { value: 'token', label: 'Token' },
              ]}
              value={way}
              onChange={(value) => setWay(value === 'token' ? 'token' : 'password')}
            />
            {way === 'token' ? (
              <PasswordInput size="sm" label="Token" value={token} onChange={(e) => setToken(e.currentTarget.value)} required autoFocus />
            ) : (
              <>
                <TextInput size="sm" label="User" autoComplete="username" value={user} onChange={(e) => setUser(e.currentTarget.value)} required autoFocus />
                <PasswordInput
                  size="sm"
                  label="Password"
                  autoComplete="current-password"
                  value={password}
                  onChange={(e) => setPassword(e.currentTarget.value)}
                  required
                />
              </>
            )}
            {error && <ErrorNote error={error} />}
            <Button type="submit" size="sm" loading={busy}>
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
