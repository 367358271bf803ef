import { fuzzInTests } from './fuzz-in-tests.ts';
import { smtpDialogue } from './smtp-dialogue.ts';

fuzzInTests(smtpDialogue, 1200);
