// The types of ERF records: what stands before the frame, and which link type the frame has.

/** A record of this link type is the whole ERF record (https://www.tcpdump.org/linktypes.html); it is not decoded. */
export const LINKTYPE_ERF = 197;
/** In `ERF_LINKS`: the record holds no frame. */
export const NO_FRAME = 0;
/** In `ERF_LINKS`: Cisco HDLC or PPP, as the frame's first byte says. */
export const HDLC = 0xffff;

/** The highest type: filling between records. 28 to 31 are kept for the future, 32 to 47 for users of their own. */
export const PAD = 48;
/** The highest of the types that files hold packets in. */
export const LAST_PUBLIC = 29;

const ETHERNET = 1;
const IPV4 = 228;
const IPV6 = 229;

/** Types that differ in the meaning of the loss counter alone ("color") stand together; what is not listed is not decoded. */
const KINDS = [
  { types: [1, 10, 15, 19], before: 0, link: HDLC }, // packet over SONET
  { types: [5, 17], before: 4, link: HDLC }, // one channel of many
  { types: [2, 11, 16, 20], before: 2, link: ETHERNET }, // two bytes line IP up; what is in them means nothing
  { types: [22], before: 0, link: IPV4 },
  { types: [23], before: 0, link: IPV6 },
  { types: [27, PAD], before: 0, link: NO_FRAME }, // data about the capture, filling
];

/** By type: bytes between the record's headers and the frame. */
export const ERF_BEFORE = new Uint8Array(128);
/** By type: the frame's link type, or one of the two marks above. */
export const ERF_LINKS = new Uint16Array(128).fill(LINKTYPE_ERF);

for (const { types, before, link } of KINDS) {
  for (const type of types) {
    ERF_BEFORE[type] = before;
    ERF_LINKS[type] = link;
  }
}
