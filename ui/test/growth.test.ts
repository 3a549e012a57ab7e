// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { growth } from '../src/model/growth';
import { relabelRule } from '../src/model/relabel';

describe('growth', () => {
  it('is told in the words that fit its size', () => {
    expect(growth(5, 5)).toEqual({ direction: 'same', text: '0' });
    expect(growth(5, 0)).toEqual({ direction: 'up', text: 'new' });
    expect(growth(112, 100)).toEqual({ direction: 'up', text: '+12 %' });
    expect(growth(450, 100)).toEqual({ direction: 'up', text: '×4.5' });
    expect(growth(50, 100)).toEqual({ direction: 'down', text: '−50 %' });
    expect(growth(100_001, 100_000)).toEqual({ direction: 'up', text: '+1' });
  });
});

describe('relabelling rules', () => {
  it('mean the name and nothing like it', () => {
    expect(relabelRule({ kind: 'metric', metric: 'a.b' })).toBe("metric_relabel_configs:\n  - source_labels: [__name__]\n    regex: 'a\\.b'\n    action: drop\n");
    expect(relabelRule({ kind: 'pair', label: 'path', value: "it's (x)" })).toContain("regex: 'it''s \\(x\\)'");
    expect(relabelRule({ kind: 'label', label: 'id' })).toContain('action: labeldrop');
  });
});
