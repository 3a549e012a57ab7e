// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Button, Group, Modal, Select, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useAddEvent } from '../api/events';
import { formatTime, parseTime } from '../url/timeRange';
import { ErrorNote } from './ErrorNote';

const KINDS = ['note', 'deploy', 'config', 'flag', 'fault', 'incident'];

/** Writes down that something changed; it is drawn on every chart. */
export function EventForm({ start, end, onClose }: { start: number; end?: number; onClose: () => void }) {
  const add = useAddEvent();
  const [kind, setKind] = useState('note');
  const [title, setTitle] = useState('');
  const [text, setText] = useState('');
  const [from, setFrom] = useState(formatTime(start * 1000));
  const [until, setUntil] = useState(end === undefined ? '' : formatTime(end * 1000));
  const [entities, setEntities] = useState<string[]>([]);
  const [link, setLink] = useState('');
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);

  const read = (words: string, name: string): string => {
    const time = parseTime(words, Date.now());
    if (time === null) throw new Error(`${name} is not a time: ${words}. Write it as 2026-01-31 14:05:00.`);
    return new Date(time).toISOString();
  };

  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      await add({
        kind,
        title: title.trim(),
        start: read(from, 'The start'),
        ...(until.trim() ? { end: read(until, 'The end') } : {}),
        ...(text.trim() ? { text } : {}),
        ...(entities.length > 0 ? { entities } : {}),
        ...(link.trim() ? { link: link.trim() } : {}),
      });
      notifications.show({ message: 'The event is on the charts now', autoClose: 2500 });
      onClose();
    } catch (e) {
      setError(e as Error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal opened onClose={onClose} title="Add an event" centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack gap="sm">
          <TextInput label="What happened" placeholder="deployed shop 1.4" value={title} onChange={(e) => setTitle(e.currentTarget.value)} required data-autofocus maxLength={512} />
          <Select label="Kind" data={KINDS} value={kind} onChange={(value) => setKind(value ?? 'note')} allowDeselect={false} />
          <Group grow align="flex-start">
            <TextInput label="From" value={from} onChange={(e) => setFrom(e.currentTarget.value)} required />
            <TextInput label="Until" placeholder="a moment" value={until} onChange={(e) => setUntil(e.currentTarget.value)} />
          </Group>
          <TagsInput size="xs" label="About" placeholder="service:shop" value={entities} onChange={setEntities} maxTags={32} />
          <TextInput label="Link" placeholder="https://…" value={link} onChange={(e) => setLink(e.currentTarget.value)} />
          <Textarea size="xs" label="More words" autosize minRows={2} value={text} onChange={(e) => setText(e.currentTarget.value)} />
          {error && <ErrorNote error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy} disabled={!title.trim()}>
              Add
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
