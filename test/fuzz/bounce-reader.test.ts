import { bounceReader } from './bounce-reader.ts';
import { fuzzInTests } from './fuzz-in-tests.ts';

fuzzInTests(bounceReader, 3000);
