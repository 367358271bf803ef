import { fuzzInTests } from './fuzz-in-tests.ts';
import { mimeSplitter } from './mime-splitter.ts';

fuzzInTests(mimeSplitter, 3000);
