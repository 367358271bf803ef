import { fuzzInTests } from './fuzz-in-tests.ts';
import { headerReader } from './header-reader.ts';

fuzzInTests(headerReader, 20000);
