import { bounceReader } from './bounce-reader.ts';
import type { Fuzzer } from './fuzzer.ts';
import { headerReader } from './header-reader.ts';
import { mimeSplitter } from './mime-splitter.ts';
import { pgpPrecheck } from './pgp-precheck.ts';
import { smtpDialogue } from './smtp-dialogue.ts';

export const fuzzers: readonly Fuzzer[] = [
  mimeSplitter,
  headerReader,
  pgpPrecheck,
  smtpDialogue,
  bounceReader,
];
