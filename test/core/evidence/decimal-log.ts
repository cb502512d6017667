/** A log whose entry i is the decimal number i in ASCII, and the roots that golang.org/x/mod/sumdb/tlog computed for it. */

export function decimals(from: number, to: number): Buffer[] {
  return Array.from({ length: to - from }, (_, i) => Buffer.from(String(from + i)));
}

export const ROOTS: Readonly<Record<number, string>> = {
  0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  1: "db3426e878068d28d269b6c87172322ce5372b65756d0789001d34835f601c03",
  2: "cb00989d94a569c0a678ae042b63dcd4625db96440517f37a6eb7976ea24ed4b",
  3: "725d5230db68f557470dc35f1d8865813acd7ebb07ad152774141decbae71327",
  4: "9f4a3fc20d4162dc37d4e23d907848731a76043ffff6d69288bf1abfbcff478e",
  7: "a3e23b32ccb6bf96d092d165d8aa546e09829de8f03b0e8957581d1e16b92bdf",
  8: "3b85a9626c1ccb64c6b95ec7fa64888defe2cf12e39e77e10812ce5fcb9cb58e",
  255: "32f85bcaa87d7bcd05728f09e9aeba350ba6a2f733830087f0597682848be5cb",
  256: "828515d033c19d8c901f37eccb8aed919667703486f8d2fff1cf7040321c5db1",
  257: "1eda049a4351d86f76252bd7ec0b7746ad75b7fa0316ad5f541dbda458a312c4",
  1000: "638afa98022925bacfddadb15ef22fd0199c1ac99c2973b6158243d13fce05c2",
  65535: "74f13a0e1a75689372efb990cf68c664e44c763d9304844955b2eaff624e8df1",
  65536: "f025d06ed804859fd274a1bdacadd6e48ea87634aa91e1edb20143f9498cd02b",
  65537: "dc8795a25fd4bd52a0b84f639fd3139ba160824023d188e428eb5db0f3ce221a",
  70000: "1a4cdfcb66374a0c0dcbef49acbd4976d13ee864fb3cb241fc943cad04f02f7e",
};
