// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { notifications } from '@mantine/notifications';

/** Puts text on the clipboard, also where the page is not served safely and browsers refuse the modern way. */
export async function copy(text: string, what: string): Promise<void> {
  try {
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else copyOldWay(text);
    notifications.show({ message: `${what} copied`, autoClose: 1800 });
  } catch {
    notifications.show({ title: `${what} could not be copied`, message: text, color: 'red', autoClose: false });
  }
}

function copyOldWay(text: string): void {
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('refused');
}
