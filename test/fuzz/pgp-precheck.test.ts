import { fuzzInTests } from './fuzz-in-tests.ts';
import { pgpPrecheck } from './pgp-precheck.ts';

fuzzInTests(pgpPrecheck, 8000);
