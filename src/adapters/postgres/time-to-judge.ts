import { minute } from '../../time/instant.ts';

/** By then an accepted mail is judged, or late and seen to be (I6). */
export const timeToJudge = 15 * minute;
