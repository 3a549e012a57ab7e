// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LOG_FOLDER } from './servers';

const TURN_MS = 25;
const LINES_PER_FILE = 10_000;
const KEPT_FILES = 9;

/** A log file that a busy program writes: thousands of numbered lines a second, rotated as logrotate does. */
export class BusyFile {
  private readonly folder: string;
  private timer: NodeJS.Timeout | null = null;
  private inFile = 0;
  /** Lines so far; they are numbered from 0 on. */
  written = 0;
  rotations = 0;

  constructor() {
    mkdirSync(LOG_FOLDER, { recursive: true });
    this.folder = mkdtempSync(join(LOG_FOLDER, 'busy-'));
  }

  append(lines: number): void {
    const time = new Date().toISOString();
    let text = '';
    for (let one = 0; one < lines; one++) {
      const level = this.written % 50 === 0 ? 'WARN' : 'INFO';
      text += `${time} ${level} served /cart n=${this.written++} in ${this.written % 90}ms\n`;
    }
    appendFileSync(this.file(0), text);
    this.inFile += lines;
    if (this.inFile >= LINES_PER_FILE) this.rotate();
  }

  /** Writes on and on, beside whatever else happens. */
  start(linesPerSecond: number): void {
    let last = performance.now();
    let owed = 0;
    this.timer = setInterval(() => {
      const now = performance.now();
      owed += (linesPerSecond * Math.min(now - last, 1000)) / 1000;
      last = now;
      const lines = Math.floor(owed);
      owed -= lines;
      if (lines > 0) this.append(lines);
    }, TURN_MS);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  remove(): void {
    this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private rotate(): void {
    for (let number = Math.min(this.rotations, KEPT_FILES - 1); number >= 0; number--) renameSync(this.file(number), this.file(number + 1));
    this.rotations++;
    this.inFile = 0;
  }

  private file(number: number): string {
    return join(this.folder, number === 0 ? 'busy.log' : `busy.log.${number}`);
  }
}
