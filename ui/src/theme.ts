// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { createTheme, type MantineColorsTuple } from '@mantine/core';

const sea: MantineColorsTuple = [
  '#e4f6f7', '#cbebee', '#98d7dd', '#61c2cb', '#38b1bc', '#1aa3b0', '#0e8f9d', '#0b7785', '#0a5f6b', '#07474f',
];

const dark: MantineColorsTuple = [
  '#dde5ec', '#bcc8d3', '#94a3b2', '#6a7987', '#3a4651', '#2b353f', '#1f2830', '#161d24', '#11171d', '#0c1116',
];

const gray: MantineColorsTuple = [
  '#f6f8fa', '#eff3f6', '#e3e9ee', '#d3dbe2', '#bcc7d0', '#94a2b0', '#6a7a89', '#50606f', '#334250', '#1b2733',
];

export const theme = createTheme({
  colors: { sea, dark, gray },
  primaryColor: 'sea',
  // White is readable on it in both schemes; brighter accents are --sk-accent.
  primaryShade: 7,
  fontFamily: '"Inter Variable", system-ui, -apple-system, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, monospace',
  defaultRadius: 'md',
  fontSizes: { xs: '12px', sm: '13.5px', md: '15px', lg: '17px', xl: '20px' },
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '22px' }, h2: { fontSize: '17px' }, h3: { fontSize: '14.5px' } } },
  cursorType: 'pointer',
  components: {
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true, multiline: true, maw: 320 } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    Badge: { defaultProps: { radius: 'sm', variant: 'light', tt: 'none' } },
  },
});
