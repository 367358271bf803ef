/** How much an opened mail holds: kept by the child that makes it, and checked at the border by whoever gets it (P3). */

/** An opened part may be a whole mail with parts of its own; this many attachments a person can still look at. */
export const maximumListedParts = 50;

/** The names of an enclosed certificate: real ones have a few, GnuPG writes none longer than this. Other certificates are left out. */
export const maximumUserIds = 100;
export const longestUserId = 2_048;

/** RFC 6838 §4.2: the names that a type may have. */
export const partType = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;

/** What goes in clear is kept in the outbox beside other rows, of which a sender takes many at a time. */
export const largestInClear = 4 * 1024 * 1024;

/** One line per recipient of a copy would do; a report of 100,000 is an attack on whoever walks the list. */
export const maximumDeliveryActions = 1_000;
